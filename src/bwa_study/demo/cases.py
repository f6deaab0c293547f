"""How the cases of the demo study are scored: the block ``necessity`` of its `study.yaml`."""

CASES = """\
necessity:
  # Was oversight necessary for improvements that endure? Was openness? See docs/necessity.md.
  outcome: endures
  consistency: 1.0
  combinations: ["oversight*openness", "oversight + openness"]
  truth_table: {conditions: [oversight, openness, shock], consistency: 0.8, cases: 1}
  expectations: {oversight: 1, openness: 1, shock: 0}
  vary: {thresholds: [-0.05, -0.02, 0.02, 0.05], interviews: [1, 2, 4, 5], informants: true}
  measures:
    - id: oversight
      label: {en: Oversight by the client, zh: 客户监督}
      codes: {client_influence: 1, client_intervention: 1, follow_up: 1, sustained_attention: 1, commercial_incentive: 1}
      informants: [brand_staff, manager, worker]
      rounds: [R3]
      minimum: {interviews: 3, groups: 2}
      calibration: {kind: crisp, above: 0}
    - id: openness
      label: {en: Openness of the factory, zh: 工厂开放度}
      # Workers only: managers of closed factories call them open.
      codes:
        supplier_responsiveness: 1
        freedom_of_expression: 1
        worker_involvement: 1
        management_receptiveness: 1
        grievance_channel: 1
        staged_compliance: -1
        fear_retaliation: -1
      informants: [worker]
      rounds: [R2]
      minimum: {interviews: 3, groups: 1}
      calibration: {kind: crisp, above: 0}
    - id: shock
      label: {en: Order shock, zh: 订单骤减}
      attribute: order_shock
      values: {"yes": 1, "no": 0}
    - id: trained
      label: {en: Client trained, zh: 客户受过培训}
      attribute: academy_from
      values: {"2019-11": 1}
    - id: endures
      label: {en: Improvements endure, zh: 改进持续}
      codes: {change_endures: 1}
      informants: [brand_staff, manager, worker]
      rounds: [R3]
      minimum: {interviews: 3, groups: 2}
      # Who never improved says nothing of endurance: silence where it was asked about counts as not endured.
      confirmed: {interviews: 3, groups: 2}
      silence: out
      calibration: {kind: crisp, above: 0}
"""
