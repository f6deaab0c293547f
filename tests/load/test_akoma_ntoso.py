from __future__ import annotations

from spoken import messages, read, said

RECORD = """\
<akomaNtoso xmlns="urn:x"><debate><meta><references>
<TLCPerson id="a" href="/a" showAs="Chair"/></references></meta><debateBody>
<narrative><p>(doors)</p></narrative>
<speech by="#a"><p>How is
  it?</p></speech><speech by="#b"><p>Fine.</p><p>They <i>ask</i>.</p></speech>
</debateBody></debate></akomaNtoso>"""


def test_speeches_are_turns_of_the_persons_the_record_declares():
    found = read(RECORD, "a.xml", interviewer=("Chair",))
    assert said(found) == [(None, "Chair", "i", "How is it?"), (None, "b", "r", "Fine.\nThey ask.")]
    assert messages(found) == ["a.xml: note: remarks on the scene left out (1) — only the visible text is read"]


def test_other_xml_and_a_dtd_are_refused():
    assert messages(read("<html/>", "a.xml")) == [
        "a.xml: XML of another kind ('html') — records in Akoma Ntoso are read; save others as text or Word"
    ]
    assert messages(read('<!DOCTYPE a [<!ENTITY x "y">]><a/>', "a.xml")) == [
        "a.xml: it declares a DTD — export it without one"
    ]
    assert messages(read("<akomaNtoso>", "a.xml"))[0].startswith("a.xml: not XML")
