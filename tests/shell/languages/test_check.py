"""Each way in which a translation can be wrong is named (UI-4)."""

from pathlib import Path

import polib
import pytest

from manager.shell.languages import catalogues, check, extract, update
from manager.shell.languages.check import check_entry, find_problems
from manager.shell.languages.extract import Text


def entry(msgid: str, msgstr: str, **more: object) -> polib.POEntry:
    return polib.POEntry(msgid=msgid, msgstr=msgstr, **more)


class TestEntry:
    @pytest.mark.parametrize(
        ("msgid", "msgstr"),
        [
            ("Pay now", "Jetzt bezahlen"),
            ("Pay %(amount)s to %(name)s", "%(name)s erhält %(amount)s"),
            ("100%% of <b>it</b>", "<b>Alles</b>, 100%%"),
            ("Use {code}", "{code} verwenden"),
        ],
    )
    def test_is_content_with_a_good_one(self, msgid: str, msgstr: str) -> None:
        assert list(check_entry(entry(msgid, msgstr))) == []

    @pytest.mark.parametrize(
        ("msgid", "msgstr", "problem"),
        [
            ("Pay now", "", "missing"),
            ("Pay %(amount)s", "Bezahlen", "other placeholders"),
            ("Pay %(amount)s", "%(betrag)s bezahlen", "other placeholders"),
            ("Pay", "%s bezahlen", "other placeholders"),
            ("Use {code}", "{kode} verwenden", "other placeholders"),
            ("<b>Pay</b>", "<b>Bezahlen", "other markup"),
            ("Pay", "<script>", "other markup"),
        ],
    )
    def test_names_what_is_wrong(self, msgid: str, msgstr: str, problem: str) -> None:
        assert problem in " ".join(check_entry(entry(msgid, msgstr)))

    def test_names_a_fuzzy_one(self) -> None:
        assert list(check_entry(entry("Pay", "Bezahlen", flags=["fuzzy"]))) == ["fuzzy"]

    def test_names_a_missing_plural(self) -> None:
        plural = entry("%(count)s file", "", msgid_plural="%(count)s files")
        plural.msgstr_plural = {0: "%(count)s Datei", 1: ""}
        assert list(check_entry(plural)) == ["missing"]

    def test_lets_a_singular_do_without_the_number(self) -> None:
        plural = entry("One file", "", msgid_plural="%(count)s files")
        plural.msgstr_plural = {0: "Eine Datei", 1: "%(count)s Dateien"}
        assert list(check_entry(plural)) == []


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one template, in English and German."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text("{% load i18n %}{% translate 'Pay now' %}")
    for module in (catalogues, extract):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    for module in (check, update):
        monkeypatch.setattr(module, "LANGUAGES", ("en", "de"))
    return tmp_path


class TestProject:
    def test_names_a_text_that_no_catalogue_knows(self, project: Path) -> None:
        assert find_problems() == [
            "de: not in the catalogue (run `make messages`): 'Pay now' in templates/page.html"
        ]

    def test_is_content_once_everything_is_translated(self, project: Path) -> None:
        update.update_catalogues()
        assert find_problems() == ["de: missing: 'Pay now'"]
        catalogue = catalogues.open_catalogue("de")
        catalogue.find("Pay now").msgstr = "Jetzt bezahlen"
        catalogue.save()
        assert find_problems() == []

    def test_updating_keeps_translations_and_drops_unused_texts(self, project: Path) -> None:
        update.update_catalogues()
        catalogue = catalogues.open_catalogue("de")
        catalogue.find("Pay now").msgstr = "Jetzt bezahlen"
        catalogue.append(entry("Gone", "Weg"))
        catalogue.save()
        (project / "templates" / "more.txt").write_text("{% load i18n %}{% translate 'Later' %}")
        assert update.update_catalogues()["de"] == 1
        catalogue = catalogues.open_catalogue("de")
        assert [(text.msgid, text.msgstr) for text in catalogue] == [
            ("Later", ""),
            ("Pay now", "Jetzt bezahlen"),
        ]

    def test_updating_twice_changes_nothing(self, project: Path) -> None:
        update.update_catalogues()
        before = catalogues.find_catalogue("de").read_bytes()
        update.update_catalogues()
        assert catalogues.find_catalogue("de").read_bytes() == before

    def test_compiles_only_what_changed(self, project: Path) -> None:
        update.update_catalogues()
        assert catalogues.compile_catalogues() == 2
        assert catalogues.compile_catalogues() == 0
        assert catalogues.find_catalogue("de").with_suffix(".mo").exists()


class TestExtract:
    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("{% translate 'Pay now' %}", Text("Pay now")),
            ('{% translate "It\'s paid" as x %}', Text("It's paid")),
            ("{% translate 'May' context 'month' %}", Text("May", context="month")),
            ("{% blocktranslate trimmed %}\n  Pay\n  now\n{% endblocktranslate %}", Text("Pay now")),
            (
                "{% blocktranslate with name=user.name trimmed %}Hello {{ name }}{% endblocktranslate %}",
                Text("Hello %(name)s"),
            ),
            (
                "{% blocktranslate count n=files %}One{% plural %}{{ n }} files{% endblocktranslate %}",
                Text("One", "%(n)s files"),
            ),
            ("<c-button label=\"{% translate 'Pay now' %}\" />", Text("Pay now")),
            ("{% include 'x.html' with label=_('Pay now') only %}", Text("Pay now")),
            ("<c-button :label=\"_('Pay now')\" />", Text("Pay now")),
        ],
    )
    def test_reads_templates(self, project: Path, source: str, text: Text) -> None:
        (project / "templates" / "page.html").write_text("{% load i18n %}" + source)
        assert list(extract.extract_texts()) == [text]

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ('_("Pay now")', Text("Pay now")),
            ('gettext_lazy("Pay " "now")', Text("Pay now")),
            ('ngettext("One", "%(n)s files", n)', Text("One", "%(n)s files")),
            ('pgettext_lazy("month", "May")', Text("May", context="month")),
            ('npgettext("disk", "One", "Many", n)', Text("One", "Many", "disk")),
        ],
    )
    def test_reads_python(self, project: Path, source: str, text: Text) -> None:
        (project / "templates" / "page.html").unlink()
        (project / "billing").mkdir()
        (project / "billing" / "x.py").write_text(f"x = {source}\n")
        assert list(extract.extract_texts()) == [text]
