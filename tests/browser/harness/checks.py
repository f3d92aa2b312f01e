"""What must hold of a page in each mode. A check returns sentences: what is wrong, or nothing."""

from pathlib import Path
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SCRIPT = (Path(__file__).parent / "page.js").read_text(encoding="utf-8")
# axe's experimental rules that check a criterion of the RGAA; off unless named.
EXPERIMENTAL = (
    "css-orientation-lock",
    "focus-order-semantics",
    "label-content-name-mismatch",
    "p-as-heading",
    "table-fake-caption",
    "td-has-header",
)
RULES: dict[str, Any] = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "RGAAv4"],
    "rules": {name: {"enabled": True} for name in EXPERIMENTAL},
    "resultTypes": ["violations"],
}
# Of its findings, only what is wrong is brought back.
RUN = """async ([rule, options]) => {
  axe.configure({ rules: [rule] });
  const found = await axe.run(options);
  document.querySelectorAll("[data-look]").forEach((each) => each.removeAttribute("data-look"));
  return found.violations;
}"""
COLOURS: dict[str, Any] = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


def ask(page: Page, function: str, argument: Any = None) -> Any:
    """Call one function of `page.js` in the page."""
    return page.evaluate(f"argument => ({SCRIPT}).{function}(argument)", argument)


def axe(page: Page, rules: dict[str, Any] = RULES, looks: dict[str, int] | None = None) -> list[str]:
    """With `looks`, kept from one page to the next, the contrast of texts that look the same is judged three times."""
    ask(page, "laid")
    page.evaluate(f"window.axe || (() => {{ {AXE_SCRIPT} }})()")
    if looks is not None:
        looks.update(ask(page, "looks", looks))
    chosen = {"id": "color-contrast", "selector": "*" if looks is None else "[data-look]"}
    violations = page.evaluate(RUN, [chosen, rules])
    return [f"axe {each['id']}: {node['html'][:160]} {_why(node)}" for each in violations for node in each["nodes"]]


def skip_link(page: Page) -> list[str]:
    """The first key shows the link to the content, and following it goes there."""
    page.evaluate("document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex')")
    page.keyboard.press("Tab")
    first = page.evaluate(
        "(() => { const e = document.activeElement; return [e.className, e.getBoundingClientRect().top >= 0] })()"
    )
    page.keyboard.press("Enter")
    arrived = page.evaluate("document.activeElement.id")
    return [] if [*first, arrived] == ["skip-link", True, "contenu"] else [f"skip link: {first}, then {arrived}"]


def _why(node: dict[str, Any]) -> str:
    return "; ".join(each["message"] for kind in ("any", "all", "none") for each in node[kind])[:300]
