"""The page in a real browser: what a coder does and sees."""

from __future__ import annotations

import random

import pytest
from axe_playwright_python.sync_playwright import Axe

SAVED = "[data-state=saved]"


def press(page, *keys):
    for key in keys:
        page.keyboard.press(key)


def selected(page):
    return "".join(page.locator(".bwa-selected").all_text_contents())


def code_selection(page, *keys):
    """Press keys that code, and return the words that were selected then."""
    words = selected(page)
    press(page, *keys)
    return words


def test_a_bilingual_transcript_is_coded_by_keyboard_alone_and_the_codings_are_the_selected_words(
    opened, served, bilingual, proxy
):
    text = bilingual.corpus["s-w-1"].text
    seen, asked = [], []
    opened.context.on("request", lambda request: asked.append(request.url))
    press(opened, ".")
    seen.append(code_selection(opened, "1"))
    press(opened, "ArrowRight", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight")
    while "𠮷" not in selected(opened) or "😊" not in selected(opened):
        press(opened, "Shift+ArrowRight")
    seen.append(code_selection(opened, "Shift+Digit2"))
    press(opened, ".", ".", ".")
    seen.append(code_selection(opened, *"visi", "Enter"))
    press(opened, "End", ",", "Shift+,")
    words = code_selection(opened, "x", "Backspace")
    opened.keyboard.insert_text("害怕")
    press(opened, "Shift+Enter")
    seen.append(words)
    opened.wait_for_selector(SAVED)
    opened.reload()
    opened.wait_for_selector("[data-ready]")

    stored = served.codings()
    assert sorted(text[c.start : c.end] for c in stored) == sorted(seen)
    assert [c.quote for c in stored] == [text[c.start : c.end] for c in stored]
    assert seen[0] == "品牌每个月跟进一次，𠮷田先生😊亲自打电话。"
    assert seen[1].endswith("😊")
    assert seen[2] == "We can speak in the committee now 👩‍👩‍👧, but only when the brand is watching."
    assert seen[3].endswith("𠀋 said so.")
    assert {(c.code, c.polarity) for c in stored} == {
        ("listening", "present"), ("fear", "absent"), ("visits", "present"),
    }  # fmt: skip
    assert opened.locator(".bwa-chip").count() == 4
    assert {url.split("/")[2] for url in asked} == {served.url.split("/")[2]}
    assert proxy.seen == []


def test_requests_that_leave_the_machine_would_have_been_counted(browser, proxy):
    context = browser.new_context()
    page = context.new_page()
    with pytest.raises(Exception, match="ERR_"):
        page.goto("http://example.invalid/")
    context.close()
    assert set(proxy.seen) == {"GET http://example.invalid/ HTTP/1.1"}
    proxy.asked.clear()


def test_code_points_of_any_text_are_python_s(opened):
    dice = random.Random(5)
    alphabet = "ab 我𠮷😊\u200d👩é́。.\n𠀋"
    cases = []
    for _ in range(200):
        text = "".join(dice.choice(alphabet) for _ in range(dice.randint(1, 30)))
        start = dice.randint(0, 50)
        point = dice.randint(0, len(text))
        cases.append({"text": text, "start": start, "end": start + len(text), "point": start + point})
    answers = opened.evaluate(
        """async (cases) => {
            const { TurnText } = await import("/static/recode.js");
            const places = (text, point) => [text.unit(point), text.point(text.unit(point))];
            return cases.map((one) => places(new TurnText(one), one.point));
        }""",
        cases,
    )

    units = [len(c["text"][: c["point"] - c["start"]].encode("utf-16-le")) // 2 for c in cases]
    assert [a[0] for a in answers] == units
    assert [a[1] for a in answers] == [c["point"] for c in cases]


def test_a_selection_grows_and_shrinks_by_word_sentence_and_turn(opened):
    press(opened, "Control+a")
    whole = selected(opened)
    press(opened, ".")
    first = selected(opened)
    press(opened, "Shift+.")
    two = selected(opened)
    press(opened, "Shift+,")

    assert whole.startswith(first)
    assert len(first) < len(two) < len(whole)
    assert selected(opened) == first
    press(opened, "ArrowRight")
    assert selected(opened) == "品牌"


def test_from_a_question_a_step_by_word_or_sentence_goes_to_the_answer(opened):
    for key in ("ArrowRight", "."):
        press(opened, "Home", key)
        assert "Turn 2 of" in opened.locator(".bwa-foot").inner_text()


def test_attributes_are_set_by_keys_and_by_the_form(opened, served):
    press(opened, ".", "1", "Alt+p", "Alt+c", "Alt+c", "Alt+e", "Alt+t", "Alt+m")
    opened.keyboard.type("看一下 and check")
    press(opened, "Escape")
    opened.wait_for_selector(SAVED)

    (coding,) = served.codings()
    assert (coding.polarity, coding.certainty, coding.evidence, coding.time_ref) == ("absent", 2, "own", "before")
    assert coding.memo == "看一下 and check"
    opened.get_by_role("radio", name="hearsay").check()
    opened.wait_for_selector(SAVED)
    assert served.codings()[0].evidence == "hearsay"


def test_undo_and_redo_walk_back_and_forth_and_the_server_follows(opened, served):
    press(opened, ".", "1", ".", "2")
    opened.wait_for_selector(SAVED)
    kept = [c.quote for c in served.codings()]
    press(opened, "Control+z", "Control+z")
    opened.wait_for_selector(SAVED)
    none = served.codings()
    press(opened, "Control+y", "Control+Shift+Z")
    opened.wait_for_selector(SAVED)

    assert none == []
    assert len(kept) == 2
    assert [c.quote for c in served.codings()] == kept


def test_backspace_removes_the_chosen_coding_only(opened, served):
    press(opened, ".", "1", "2", "[", "Backspace")
    opened.wait_for_selector(SAVED)

    assert [c.code for c in served.codings()] == ["fear"]


def test_the_foot_counts_one_coding_and_several(opened):
    press(opened, "1")
    opened.get_by_text("1 coding · ").wait_for()
    one = opened.get_by_text("2 codings · ").count()
    press(opened, "2")
    opened.get_by_text("2 codings · ").wait_for()

    assert (one, opened.get_by_text("1 coding · ").count()) == (0, 0)


def test_nothing_to_code_is_a_state_of_its_own(opened, served):
    press(opened, "Shift+Enter")
    opened.wait_for_selector(SAVED)

    turn = opened.locator("#turn-2")
    assert turn.get_attribute("data-state") == "nothing"
    assert "examined, nothing to code" in turn.inner_text()
    assert served.held().examined == {2}
    opened.goto(f"{served.url}/")
    row = opened.locator("tr", has_text="s-w-1")
    assert "done" in row.inner_text()


def test_the_interviewer_s_words_are_not_coded(opened, served):
    press(opened, "Home", "1")

    assert "The interviewer's words are not coded." in opened.locator(".bwa-foot").inner_text()
    assert served.codings() == []


def test_overlapping_codings_show_both_colours_and_two_chips(opened):
    press(opened, ".", "1", "ArrowRight", "3")

    shared = opened.locator(".bwa-mark", has_text="品牌").first
    assert shared.evaluate("e => e.style.background.match(/--bwa-c\\d/g)").count("--bwa-c1") >= 1
    assert len(set(shared.evaluate("e => e.style.background.match(/--bwa-c\\d/g)"))) == 2
    assert opened.locator("#turn-2 .bwa-chip").all_inner_texts() == ["Listening", "Visits"]


def test_mouse_and_code_list_work_as_well(opened, served):
    opened.locator("#turn-2 .bwa-words").click(position={"x": 12, "y": 14})
    word = selected(opened)
    opened.get_by_role("option", name="Fear").click()
    opened.wait_for_selector(SAVED)

    (coding,) = served.codings()
    assert (coding.quote, coding.code) == (word, "fear")
    assert word == "品牌"


def test_dragging_over_words_selects_them(opened):
    box = opened.locator("#turn-2 .bwa-words").bounding_box()
    opened.mouse.move(box["x"] + 1, box["y"] + 14)
    opened.mouse.down()
    opened.mouse.move(box["x"] + 70, box["y"] + 14, steps=5)
    opened.mouse.up()

    assert selected(opened) == "品牌每个"


def test_only_the_turns_that_changed_are_painted_again(opened):
    opened.evaluate(
        """() => { window.painted = new Set();
            new MutationObserver((all) => all.forEach((m) => painted.add(m.target.closest(".bwa-turn")?.id)))
              .observe(document.querySelector(".bwa-turns"), { childList: true, subtree: true, attributes: true }); }"""
    )
    press(opened, ".", "1")
    opened.wait_for_selector(SAVED)

    assert opened.evaluate("() => [...painted]") == ["turn-2"]


def test_work_is_kept_while_the_server_is_gone_and_sent_when_it_is_back(opened, served):
    opened.route("**/api/events", lambda route: route.abort())
    press(opened, ".", "1", "2")
    opened.wait_for_selector("[data-state=waiting]")
    said = opened.locator(".bwa-saving").inner_text()
    opened.unroute("**/api/events")
    opened.reload()
    opened.wait_for_selector("[data-ready]")
    opened.wait_for_selector(SAVED)

    assert said == "not saved yet, kept in this browser: 2"
    assert sorted(c.code for c in served.codings()) == ["fear", "listening"]
    assert opened.evaluate("() => Object.keys(localStorage)") == []


def test_a_stale_edit_shows_both_values_and_asks(opened, served):
    press(opened, ".", "1")
    opened.wait_for_selector(SAVED)
    other = opened.context.new_page()
    other.goto(f"{served.url}/t/s-w-1")
    other.wait_for_selector("[data-ready]")
    press(other, "[", "Alt+c")
    other.wait_for_selector(SAVED)
    press(opened, "-")
    dialog = opened.get_by_role("dialog")
    dialog.wait_for()
    text = dialog.inner_text()
    dialog.get_by_role("button", name="Keep the stored one").click()

    assert "listening · absent" in text
    assert "listening · present · 1" in text
    (coding,) = served.codings()
    assert (coding.polarity, coding.certainty) == ("present", 1)
    press(opened, "-")
    opened.wait_for_selector(SAVED)
    assert served.codings()[0].polarity == "absent"
    other.close()


def test_screen_readers_hear_the_selection_and_the_coding(opened):
    live = opened.locator(".bwa-live")
    press(opened, ".")
    heard = live.inner_text()
    press(opened, "1")

    assert heard == "品牌每个月跟进一次，𠮷田先生😊亲自打电话。 · Turn 2 · open"
    assert live.inner_text() == "coded: Listening present"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation(opened, scheme, width):
    opened.emulate_media(color_scheme=scheme)
    opened.set_viewport_size({"width": width, "height": 800})
    press(opened, ".", "1", "ArrowRight", "Shift+Digit3", "Enter")

    found = Axe().run(opened)

    assert found.violations_count == 0, found.generate_report()
    assert opened.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_the_interface_speaks_chinese(opened):
    opened.get_by_role("button", name="中文界面").click()

    assert opened.title() == "s-w-1 · 重新编码"
    assert opened.locator("html").get_attribute("lang") == "zh-Hans"
    press(opened, ".", "1")
    assert opened.locator(".bwa-live").inner_text() == "已编码: 倾听 存在"
    opened.reload()
    opened.wait_for_selector("[data-ready]")
    assert opened.get_by_role("button", name="下一未编段").count() == 1


def test_a_code_is_defined_in_the_language_of_the_page_and_below_it_in_the_other(opened):
    about = opened.locator(".bwa-code dd")
    assert about.all_inner_texts() == ["Managers listen.", "管理人员会听。", "they answer"]
    opened.get_by_role("button", name="中文界面").click()

    assert about.all_inner_texts() == ["管理人员会听。", "Managers listen.", "有答复"]
    press(opened, "?")
    assert opened.locator(".bwa-dialog li").all_inner_texts() == ["只编说出来的话。", "Ask."]


def test_a_turn_has_an_address(opened, served):
    opened.goto(f"{served.url}/t/s-w-1#turn-2")
    opened.reload()
    opened.wait_for_selector("[data-ready]")

    assert opened.locator(".bwa-here").get_attribute("id") == "turn-2"


def test_the_next_assigned_transcript_opens_by_key(opened, served):
    with opened.expect_navigation(url="**/t/s-w-2"):
        press(opened, "Control+Enter")


def test_the_print_view_has_the_words_and_chips_and_no_controls(opened):
    press(opened, ".", "1")
    opened.emulate_media(media="print")

    assert not opened.locator(".bwa-side").is_visible()
    assert not opened.locator(".bwa-tools").is_visible()
    assert opened.locator(".bwa-chip").is_visible()


def test_without_the_link_the_page_shows_no_word_of_the_study(tab, served):
    tab.goto(f"{served.url}/t/s-w-1")
    tab.wait_for_selector("[data-ready]")

    assert (
        tab.locator("#bwa-recode")
        .inner_text()
        .endswith("Open the link that the program printed. It works once; start the program again for another.")
    )


def test_a_finger_selects_a_word_and_codes_it(browser, served):
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True)
    page = context.new_page()
    page.goto(served.server.link(served.coder), wait_until="commit")
    page.goto(f"{served.url}/t/s-w-1", wait_until="commit")
    page.wait_for_selector("[data-ready]")
    page.locator("#turn-2 .bwa-words").tap(position={"x": 12, "y": 14})
    words = selected(page)
    page.get_by_role("option", name="Visits").tap()
    page.wait_for_selector(SAVED)
    context.close()

    assert words == "品牌"
    assert [(c.quote, c.code) for c in served.codings()] == [("品牌", "visits")]


def test_who_is_signed_out_is_told_and_loses_nothing(opened, served):
    cookies = opened.context.cookies()
    opened.context.clear_cookies()
    press(opened, ".", "1")
    opened.locator(".bwa-saving", has_text="signed out: 1 changes are kept in this browser").wait_for()
    opened.context.add_cookies(cookies)
    opened.wait_for_selector(SAVED)

    assert [c.code for c in served.codings()] == ["listening"]


def test_a_change_that_cannot_be_kept_now_is_tried_again(opened, served, monkeypatch):
    keep, tries = served.server.keeping.keep, []

    def failing(coder, change):
        tries.append(coder)
        if len(tries) < 3:
            raise OSError(28, "No space left on device")
        return keep(coder, change)

    monkeypatch.setattr(served.server.keeping, "keep", failing)
    press(opened, ".", "1")
    opened.wait_for_selector("[data-state=waiting]")
    opened.wait_for_selector(SAVED)

    assert len(tries) == 3
    assert [c.code for c in served.codings()] == ["listening"]


def test_the_keys_are_listed_in_a_dialog_that_gives_the_focus_back(opened):
    press(opened, "?")
    dialog = opened.get_by_role("dialog", name="Keys")
    assert "examined, nothing to code" in dialog.inner_text()
    press(opened, "Escape", ".")
    assert selected(opened) == "品牌每个月跟进一次，𠮷田先生😊亲自打电话。"
