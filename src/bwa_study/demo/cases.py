"""How the cases of the demo study are scored, and its theory of change: blocks of its `study.yaml`."""

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
  # Shown in the profile of every site, and neither condition nor outcome.
  profile:
    - id: improved
      label: {en: Improved, zh: 有改进}
      codes: {communication_improved: 1, conditions_improved: 1, problem_solved: 1}
      # Not the managers, who tell a brighter story everywhere.
      informants: [brand_staff, worker]
      rounds: [R2]
      minimum: {interviews: 3, groups: 2}
      confirmed: {interviews: 3, groups: 2}
      silence: out
      calibration: {kind: crisp, above: 0}
"""

CONTRIBUTION = """\
contribution:
  # The links of the theory of change, and the tests their evidence is put to. See docs/necessity.md.
  rivals: {codes: [covid, order_volume, key_staff_change, other_drivers], rounds: [R2, R3], share: 0.5, interviews: 3}
  links:
    - id: coaching
      claim: {en: Trained brand staff coach in place of auditing, zh: 受过培训的品牌方人员以辅导代替验厂}
      tests:
        - {kind: hoop, codes: {coaching_mode: 1}, informants: [brand_staff], rounds: [R2, R3]}
        - {kind: smoking gun, codes: {coaching_mode: 1}, informants: [manager, worker], rounds: [R2, R3]}
    - id: oversight
      claim: {en: The client follows up and stays, zh: 客户持续跟进}
      tests:
        - {kind: hoop, codes: {follow_up: 1, sustained_attention: 1}, informants: [manager, worker], rounds: [R2, R3]}
        - {kind: straw in the wind, codes: {client_influence: 1}, informants: [brand_staff], rounds: [R2, R3]}
    - id: openness
      claim: {en: Management opens up and workers speak, zh: 管理层开放，工人敢说}
      tests:
        - {kind: hoop, codes: {freedom_of_expression: 1, fear_retaliation: -1}, informants: [worker], rounds: [R2, R3]}
        - {kind: smoking gun, codes: {worker_involvement: 1}, informants: [worker], rounds: [R2, R3]}
    - id: endurance
      claim: {en: Improvements endure, zh: 改进持续}
      tests:
        - {kind: hoop, codes: {change_endures: 1}, informants: [worker], rounds: [R3]}
        - {kind: straw in the wind, codes: {change_endures: 1}, informants: [manager], rounds: [R3]}
"""
