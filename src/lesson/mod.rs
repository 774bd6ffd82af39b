//! Lessons: what is asked, what there is to reach, what helps, judged on what happened.
//!
//! A lesson is a folder of data (`docs/lessons.md`): `lesson.toml`, `scenario.toml`, and its words
//! in `en.md` and `ru.md`. Nothing here knows of pages.
//!
//! * [`LessonFile`]: a `lesson.toml`, read by [`LessonFile::parse`].
//! * [`Condition`] over a [`Measure`]: the vocabulary of goals, hints and faults.
//! * [`Judge`]: lets a run go on and says which goals are met.
//! * [`Words`] and [`markdown`]: the words, cut into sections, paragraphs and spans.
//! * [`Glossary`]: Kafka's words, explained.
//! * [`proof`]: plays a lesson's solution and wrong answers, and checks its words.

mod check;
mod condition;
mod file;
mod gauge;
mod glossary;
mod judge;
mod librdkafka;
mod locks;
pub mod markdown;
mod measure;
mod number_words;
mod numbers;
pub mod proof;
mod reader;
mod samples;
mod script;
mod words;

pub use condition::{Condition, Op};
pub use file::{Fault, Goal, Hint, LessonFile, Play, PlayStep, Predict, Step};
pub use gauge::{Baseline, Facts};
pub use glossary::{Glossary, Term};
pub use judge::{GoalState, Judge};
pub use locks::key_to;
pub use measure::{MEASURES, Measure};
pub use script::Player;
pub use words::Words;
