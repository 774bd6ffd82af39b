//! Both languages say the same things, and everything the code asks for is there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_bundle::{FluentArgs, FluentBundle, FluentResource, FluentValue};
use highwater::config::{Scope, definitions, find};
use unic_langid::LanguageIdentifier;

use super::Text;

const EN: &str = include_str!("../../text/en.ftl");
const RU: &str = include_str!("../../text/ru.ftl");

impl Text {
    /// The page's texts in the language with this code.
    pub fn of(code: &str) -> Self {
        Self::new(code, if code == "ru" { RU } else { EN })
    }
}

/// The ids of a file, each with the names of its arguments.
fn ids(source: &str) -> BTreeMap<String, BTreeSet<String>> {
    let resource = FluentResource::try_new(source.to_owned());
    if let Err((_, errors)) = &resource {
        panic!("does not parse: {errors:?}");
    }
    let mut ids: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut current = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        if !line.starts_with([' ', '}', '*', '[']) {
            let Some((id, _)) = line.split_once('=') else { continue };
            current = id.trim().to_owned();
            let before = ids.insert(current.clone(), BTreeSet::new());
            assert!(before.is_none(), "{current} stands there twice");
        }
        let arguments = line.split('$').skip(1).map(|rest| {
            let is_end = |c: char| !c.is_alphanumeric() && c != '_' && c != '-';
            rest.split(is_end).next().unwrap_or_default().to_owned()
        });
        ids.entry(current.clone()).or_default().extend(arguments);
    }
    ids
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_arguments() {
    let (en, ru) = (ids(EN), ids(RU));
    let missing = |a: &BTreeMap<String, _>, b: &BTreeMap<String, _>| {
        a.keys().filter(|id| !b.contains_key(*id)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(missing(&en, &ru), Vec::<String>::new(), "missing in Russian");
    assert_eq!(missing(&ru, &en), Vec::<String>::new(), "missing in English");
    for (id, arguments) in &en {
        assert_eq!(arguments, &ru[id], "arguments of {id}");
    }
}

#[test]
fn our_reader_agrees_with_fluents() {
    for (code, source) in [("en", EN), ("ru", RU)] {
        let text = Text::of(code);
        let language: LanguageIdentifier = code.parse().expect("a language");
        let mut bundle = FluentBundle::new(vec![language]);
        bundle.set_use_isolating(false);
        bundle
            .add_resource(FluentResource::try_new(source.to_owned()).expect("parsed"))
            .expect("added");
        let known = ids(source);
        // Messages within messages have values too: all get all there are.
        let names: BTreeSet<&String> = known.values().flatten().collect();
        for id in known.keys() {
            let pattern = bundle.get_message(id).and_then(|message| message.value());
            for value in ["0", "1", "2", "4", "5", "11", "12", "21", "22", "112", "broker 1"] {
                let mut theirs = FluentArgs::new();
                for name in &names {
                    theirs.set(name.as_str(), FluentValue::try_number(value));
                }
                let ours: Vec<_> =
                    names.iter().map(|name| (name.as_str(), value.to_owned())).collect();
                let mut errors = Vec::new();
                let pattern = pattern.unwrap_or_else(|| panic!("{id} has a text"));
                let expected = bundle.format_pattern(pattern, Some(&theirs), &mut errors);
                assert_eq!(text.with(id, &ours), expected, "{id} with {value}");
                assert!(errors.is_empty(), "{id}: {errors:?}");
            }
        }
    }
}

/// What configs mean in the language with this code.
fn meanings(code: &str) -> Text {
    let source = match code {
        "ru" => include_str!("../../text/configs.ru.properties"),
        _ => include_str!("../../text/configs.en.properties"),
    };
    Text::of(code).explain(source)
}

#[test]
fn every_config_has_a_line_of_meaning() {
    let (en, ru) = (meanings("en"), meanings("ru"));
    for definition in Scope::ALL.into_iter().flat_map(definitions) {
        let (name, scope) = (definition.name, definition.scope);
        let line = en.meaning(definition);
        let line = line.unwrap_or_else(|| panic!("configs.en.properties lacks {scope:?} {name}"));
        assert!((4..=90).contains(&line.chars().count()), "{name}: {line}");
        assert!(!line.ends_with('.'), "{name}");
        // No knob shows the others.
        if definition.modelled {
            let line = ru.meaning(definition);
            let line =
                line.unwrap_or_else(|| panic!("configs.ru.properties lacks {scope:?} {name}"));
            assert!((1..=100).contains(&line.chars().count()), "{name}: {line}");
        }
    }
}

#[test]
fn every_line_of_meaning_has_a_config() {
    for source in [
        include_str!("../../text/configs.en.properties"),
        include_str!("../../text/configs.ru.properties"),
    ] {
        let lines = source.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        let mut seen = BTreeSet::new();
        for key in lines.map(|line| line.split('=').next().unwrap_or_default()) {
            assert!(seen.insert(key), "{key} stands there twice");
            let (prefix, name) = key.split_once('/').unwrap_or(("", key));
            let fits = |scope: &Scope| prefix.is_empty() || prefix == super::prefix(*scope);
            let mut scopes = Scope::ALL.into_iter().filter(fits);
            assert!(scopes.any(|scope| find(scope, name).is_some()), "no config {key}");
        }
    }
}

/// Every text in quotes after `get(`, `say(` and the like has to be an id. Ids that are put
/// together from parts are tested where the parts are.
#[test]
fn every_id_in_the_code_exists() {
    let known = ids(EN);
    let mut asked = BTreeSet::new();
    visit(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut asked);
    assert!(asked.len() > 50, "the search finds ids");
    let unknown: Vec<_> = asked.iter().filter(|id| !known.contains_key(*id)).collect();
    assert_eq!(unknown, Vec::<&String>::new());
}

fn visit(folder: &Path, asked: &mut BTreeSet<String>) {
    let entries = fs::read_dir(folder).expect("the page's sources");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            visit(&path, asked);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("a source");
            for call in [".get(\"", ".say(\"", ".with(\"", ".count(\""] {
                let texts = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
                asked.extend(texts.filter(|text| text.contains('-')).map(str::to_owned));
            }
        }
    }
}

#[test]
fn russian_counts_in_three_ways() {
    let text = Text::of("ru");
    let line = |count| text.count("record-copies", count);
    assert_eq!(line(1), "на 1 реплике");
    assert_eq!(line(2), "на 2 репликах");
    assert_eq!(line(5), "на 5 репликах");
    assert_eq!(text.count("knob-more", 21), "Ещё 21 настройка по умолчанию");
    assert_eq!(text.count("knob-more", 3), "Ещё 3 настройки по умолчанию");
    assert_eq!(text.count("knob-more", 11), "Ещё 11 настроек по умолчанию");
}

#[test]
fn numbers_and_times_are_written_as_the_language_does() {
    let (en, ru) = (Text::of("en"), Text::of("ru"));
    assert_eq!(en.number(1_204), "1,204");
    assert_eq!(ru.number(1_204), "1204");
    assert_eq!(ru.number(1_234_567), "1\u{a0}234\u{a0}567");
    assert_eq!(en.moment(12_408_900), "12.408");
    assert_eq!(ru.moment(12_408_900), "12,408");
    assert_eq!(en.moment(185_120_000), "3:05.120");
    assert_eq!(en.clock(12_408_900), "12.408\u{a0}s");
    assert_eq!(ru.clock(12_408_900), "12,408\u{a0}с");
    assert_eq!(ru.clock(185_120_000), "3:05,120");
    assert_eq!(en.clock(3_723_000_000), "1:02:03");
    assert_eq!(en.clock(187_506_000_000), "2\u{a0}d 4:05:06");
    assert_eq!(ru.clock(187_506_000_000), "2\u{a0}д 4:05:06");
    assert_eq!(en.span(340), "340\u{a0}µs");
    assert_eq!(en.span(12_430), "12.4\u{a0}ms");
    assert_eq!(ru.span(2_500_000), "2,5\u{a0}с");
    assert_eq!(en.span(0), "0\u{a0}ms");
    assert_eq!(en.span(999_960), "1,000\u{a0}ms");
    assert_eq!(en.ratio(1_994, 20), "99.7");
    assert_eq!(en.ratio(2_000, 16), "125");
}
