//! Proves a lesson: its files make sense, its words are complete and their numbers true, its
//! solution wins on every seed and its wrong answers on none.

use std::sync::Arc;

use super::check::Cast;
use super::file::{LessonFile, Play};
use super::gauge::{Baseline, Facts};
use super::glossary::Glossary;
use super::markdown::{Block, Span, blocks, spans};
use super::number_words::first_counted;
use super::numbers::{Claim, When, first_digits, value};
use super::samples;
use super::script::Player;
use super::words::Words;
use crate::scenario::Scenario;

/// Seeds that each play is played with.
pub const SEEDS: u64 = 20;

/// A lesson's files, as text.
#[derive(Clone, Debug)]
pub struct Files {
    /// Where they are, for messages.
    pub folder: String,
    /// `lesson.toml`
    pub lesson: String,
    /// `scenario.toml`
    pub scenario: String,
    /// `en.md`
    pub en: String,
    /// `ru.md`
    pub ru: String,
}

/// A lesson whose files were read.
#[derive(Clone, Debug)]
pub struct Lesson {
    files: Files,
    /// What is asked and judged.
    pub file: Arc<LessonFile>,
    scenario: Scenario,
}

impl Lesson {
    /// Reads the files.
    ///
    /// # Errors
    /// Every mistake found, as `file:line:column: reason`.
    pub fn read(files: Files) -> Result<Self, Vec<String>> {
        let place = |file: &str, errors: Vec<crate::scenario::ScenarioError>| -> Vec<String> {
            let at = |e: &crate::scenario::ScenarioError| {
                format!("{}/{file}:{}:{}: {}", files.folder, e.line, e.column, e.message)
            };
            errors.iter().map(at).collect()
        };
        let scenario = Scenario::parse(&files.scenario).map_err(|e| place("scenario.toml", e))?;
        let file = LessonFile::parse(&files.lesson).map_err(|e| place("lesson.toml", e))?;
        file.check(&files.lesson, &scenario).map_err(|e| place("lesson.toml", e))?;
        Ok(Self { file: Arc::new(file), scenario, files })
    }

    /// The words, in each language, with the name of their file.
    fn words(&self) -> [(&'static str, Words); 2] {
        [("en.md", Words::parse(&self.files.en)), ("ru.md", Words::parse(&self.files.ru))]
    }

    /// What is wrong with the words: sections, links, terms, numbers. `lessons` are the ids of all
    /// lessons.
    pub fn check_words(&self, lessons: &[String], glossary: &Glossary) -> Vec<String> {
        let mut complaints = self.check_terms();
        let wanted = self.file.sections();
        let cast = Cast::new(&self.file, &self.scenario);
        let mut moments = Moments { lesson: self, played: Vec::new() };
        for (name, words) in self.words() {
            let file = format!("{}/{name}", self.files.folder);
            if words.title.is_empty() {
                complaints.push(format!("{file}:1: the title is missing: `# First record`"));
            }
            for section in &wanted {
                if words.section(section).is_empty() {
                    complaints
                        .push(format!("{file}: the section `## {section}` is missing or empty"));
                }
            }
            let found: Vec<&str> = words.sections().map(|(section, ..)| section).collect();
            for (section, text, line) in words.sections() {
                let mut complain = |reason: String| {
                    complaints.push(format!("{file}:{line}: in `## {section}`: {reason}"));
                };
                if !wanted.iter().any(|it| it == section) {
                    complain("lesson.toml names no such section".to_owned());
                }
                if found.iter().filter(|it| **it == section).count() > 1 {
                    complain("there are two of that name".to_owned());
                }
                for block in blocks(text) {
                    let text = match block {
                        Block::Paragraph(text) | Block::Item(text) => text,
                        Block::Code(language, code) => {
                            if let Err(reason) = samples::check(&language, &code) {
                                complain(format!("the sample in {language}: {reason}"));
                            }
                            continue;
                        }
                    };
                    let spans = spans(&text);
                    if let Err(reason) = spelt(&spans) {
                        complain(reason);
                    }
                    for span in spans {
                        let proven = match span {
                            Span::Thing(_, thing) => cast.thing(thing),
                            Span::Term(_, term) => explained(glossary, term),
                            Span::Lesson(_, id) if !lessons.iter().any(|it| it == id) => {
                                Err(format!("there is no lesson {id}"))
                            }
                            Span::Plain(words) | Span::Bold(words) => unproven(words),
                            Span::Number(words, target) => moments.prove(words, target),
                            Span::Code(_) | Span::Lesson(..) => Ok(()),
                        };
                        if let Err(reason) = proven {
                            complain(reason);
                        }
                    }
                }
            }
        }
        complaints
    }

    /// Each lesson explains something, and the same in both languages.
    fn check_terms(&self) -> Vec<String> {
        let [(_, en), (_, ru)] = self.words();
        let (en, ru) = (terms(&en), terms(&ru));
        let complain = |reason: String| vec![format!("{}/ru.md: {reason}", self.files.folder)];
        match en.iter().chain(&ru).find(|term| !(en.contains(term) && ru.contains(term))) {
            Some(term) => complain(format!("only one language links the term `{term}`")),
            None if en.is_empty() => {
                complain("link a term of the glossary, in both: [in sync](?ISR)".to_owned())
            }
            None => Vec::new(),
        }
    }

    /// What is wrong with the plays, each on so many seeds: the lesson's own first.
    pub fn check_plays(&self, seeds: u64) -> Vec<String> {
        let mut complaints = Vec::new();
        for (index, play) in self.file.plays().enumerate() {
            let name = match index {
                0 => "the solution".to_owned(),
                n => format!("wrong answer {n} ({})", play.name),
            };
            for turn in 0..seeds {
                let seed = self.seed(turn);
                let (player, played) = self.play(play, seed);
                let states = player.judge.states();
                let reason = match played {
                    Err(reason) => reason,
                    Ok(()) if (index == 0) == player.judge.is_done() => continue,
                    Ok(()) if index == 0 => format!("it does not win: {states:?}"),
                    Ok(()) => "it wins".to_owned(),
                };
                let file = format!("{}/lesson.toml", self.files.folder);
                complaints.push(format!("{file}: {name}, seed {seed}: {reason}"));
                break;
            }
        }
        complaints
    }

    fn seed(&self, turn: u64) -> u64 {
        if turn == 0 { self.scenario.setup.seed } else { turn }
    }

    fn play(&self, play: &Play, seed: u64) -> (Player, Result<(), String>) {
        let mut scenario = self.scenario.clone();
        scenario.setup.seed = seed;
        let mut player = Player::new(self.file.clone(), scenario);
        let played = player.play(play);
        (player, played)
    }
}

/// Complains unless the glossary has a term.
fn explained(glossary: &Glossary, term: &str) -> Result<(), String> {
    match glossary.find(term) {
        Some(_) => Ok(()),
        None => Err(format!("the glossary has no term `{term}`; its terms are headings there")),
    }
}

/// Complains of a number that nothing proves.
fn unproven(words: &str) -> Result<(), String> {
    match first_digits(words) {
        None => Ok(()),
        Some(digits) => Err(format!(
            "nothing proves the number {digits}: write [{digits}](= measure), or (= fact) for what \
             is known of Kafka"
        )),
    }
}

/// The terms that a lesson links.
fn terms(words: &Words) -> Vec<String> {
    let mut found = Vec::new();
    for (_, text, _) in words.sections() {
        for block in blocks(text) {
            let (Block::Paragraph(text) | Block::Item(text)) = block else { continue };
            found.extend(spans(&text).into_iter().filter_map(|span| match span {
                Span::Term(_, term) => Some(term.to_owned()),
                _ => None,
            }));
        }
    }
    found
}

/// Complains of a number that is written as a word and that nothing proves.
fn spelt(spans: &[Span<'_>]) -> Result<(), String> {
    let texts = spans.iter().map(|span| match span {
        Span::Plain(words) | Span::Bold(words) | Span::Code(words) => *words,
        Span::Thing(words, _) | Span::Term(words, _) | Span::Lesson(words, _) => *words,
        // A sentence ends here, for who looks for words that belong together.
        Span::Number(..) => ". ",
    });
    let text: String = texts.collect();
    match first_counted(&text) {
        None => Ok(()),
        Some(word) => Err(format!(
            "nothing proves the number `{word}`: write [{word}](= measure), or (= fact) for what is \
             known of Kafka"
        )),
    }
}

/// Complains unless the goal of that name wants the number in `words`.
fn wanted(lesson: &LessonFile, id: &str, words: &str) -> Result<(), String> {
    let goal = lesson.goals.iter().find(|goal| goal.id == id);
    let goal = goal.ok_or_else(|| format!("there is no goal `{id}`"))?;
    let conditions = goal.steps.iter().flat_map(|step| &step.reach).chain(&goal.holds);
    let spans = goal.steps.iter().flat_map(|step| [Some(step.for_us), step.within_us]);
    let numbers = conditions.map(|it| it.number).chain(spans.flatten().map(|us| us as i64));
    let said = value(words).ok_or_else(|| format!("there is no number in `{words}`"))?;
    match numbers.into_iter().any(|number| number as f64 == said) {
        true => Ok(()),
        false => Err(format!("the text says `{words}`, but the goal `{id}` wants no such number")),
    }
}

/// The moments at which numbers are looked at, played when they are asked for.
struct Moments<'l> {
    lesson: &'l Lesson,
    played: Vec<(When, Player)>,
}

impl Moments<'_> {
    fn prove(&mut self, words: &str, target: &str) -> Result<(), String> {
        let goal = target.strip_prefix("goal(").and_then(|rest| rest.strip_suffix(')'));
        if let Some(id) = goal {
            return wanted(&self.lesson.file, id, words);
        }
        let claim = Claim::parse(target)?;
        let Some(when) = claim.when() else { return claim.prove(words, None) };
        if !self.played.iter().any(|(at, _)| *at == when) {
            let lesson = &self.lesson.file;
            let nothing = Play::default();
            let play = match when {
                When::Start => &nothing,
                When::End => &lesson.solution,
                When::Wrong(index) => {
                    lesson.wrong.get(index).ok_or("there is no such wrong answer")?
                }
            };
            let (player, played) = self.lesson.play(play, self.lesson.scenario.setup.seed);
            played?;
            self.played.push((when, player));
        }
        let (_, player) = self.played.iter().find(|(at, _)| *at == when).ok_or("not played")?;
        let facts = Facts::new(&player.run);
        let zero = Baseline::default();
        let since = if when == When::Start { &zero } else { player.judge.began() };
        claim.prove(words, Some((&facts, since)))
    }
}
