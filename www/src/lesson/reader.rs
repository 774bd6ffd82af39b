//! Reads a `lesson.toml`. By hand: the reader of scenarios is on the page anyway, and one that is
//! derived for any type weighs more than all lessons.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::file::{Condition, Counter, Goal, Hint, LessonFile, Predict, Target};

/// What was read, or what is wrong with it.
type Read<T> = Result<T, String>;

impl LessonFile {
    /// Reads a file.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Read<Self> {
        let file = DeTable::parse(text).map_err(|error| error.message().to_owned())?;
        let file = Table::new(file.get_ref(), &["id", "chapter", "predict", "goal", "hint"])?;
        let predict = file.value("predict", DeValue::as_table)?;
        let predict = Table::new(predict, &["options", "right"])?;
        Ok(Self {
            id: file.text("id")?,
            chapter: file.number("chapter")?,
            predict: Predict { options: predict.texts("options")?, right: predict.text("right")? },
            goals: file.each("goal", goal)?,
            hints: file.each("hint", hint)?,
        })
    }
}

fn goal(table: &DeTable<'_>) -> Read<Goal> {
    let table = Table::new(table, &["id", "after", "while", "never", "steps"])?;
    let holds = table.given("while", |key| condition(table.value(key, DeValue::as_table)?))?;
    Ok(Goal {
        id: table.text("id")?,
        after: table.given("after", |key| table.text(key))?,
        holds,
        never: table.given("never", |key| table.counter(key))?,
        steps: table.each("steps", target)?,
    })
}

fn target(table: &DeTable<'_>) -> Read<Target> {
    let table = Table::new(table, &["counter", "target"])?;
    Ok(Target { counter: table.counter("counter")?, target: table.number("target")? })
}

fn hint(table: &DeTable<'_>) -> Read<Hint> {
    let table = Table::new(table, &["id", "goal", "when"])?;
    Ok(Hint {
        id: table.text("id")?,
        goal: table.text("goal")?,
        when: table.each("when", condition)?,
    })
}

/// A condition is told by the word that no other has.
fn condition(table: &DeTable<'_>) -> Read<Condition> {
    let has = |word| table.contains_key(word);
    if has("config") {
        let table = Table::new(table, &["client", "config", "is"])?;
        let (client, config) = (table.text("client")?, table.text("config")?);
        Ok(Condition::Config { client, config, is: table.texts("is")? })
    } else if has("reached") {
        let table = Table::new(table, &["counter", "reached"])?;
        let (counter, reached) = (table.counter("counter")?, table.number("reached")?);
        Ok(Condition::Reached { counter, reached })
    } else if has("below") {
        let table = Table::new(table, &["counter", "below"])?;
        let (counter, below) = (table.counter("counter")?, table.number("below")?);
        Ok(Condition::Below { counter, below })
    } else if has("brokers-running-below") {
        let table = Table::new(table, &["brokers-running-below"])?;
        let brokers_running_below = table.number("brokers-running-below")?;
        Ok(Condition::BrokersRunningBelow { brokers_running_below })
    } else if has("step-reached") {
        let table = Table::new(table, &["step-reached"])?;
        Ok(Condition::StepReached { step_reached: table.number("step-reached")? })
    } else {
        let table = Table::new(table, &["step-below"])?;
        Ok(Condition::StepBelow { step_below: table.number("step-below")? })
    }
}

/// A table with no keys but those that it may have.
struct Table<'a>(&'a DeTable<'a>);

impl<'a> Table<'a> {
    fn new(table: &'a DeTable<'a>, keys: &[&str]) -> Read<Self> {
        match table.keys().find(|key| !keys.contains(&key.get_ref().as_ref())) {
            Some(key) => Err(format!("there is no key `{}` here", key.get_ref())),
            None => Ok(Self(table)),
        }
    }

    /// What `read` makes of the key's value, if the key is there.
    fn given<T>(&self, key: &str, read: impl FnOnce(&str) -> Read<T>) -> Read<Option<T>> {
        self.0.contains_key(key).then(|| read(key)).transpose()
    }

    fn value<T>(&self, key: &str, read: impl FnOnce(&'a DeValue<'a>) -> Option<T>) -> Read<T> {
        let value = self.0.get(key).map(Spanned::get_ref);
        value.and_then(read).ok_or_else(|| format!("`{key}` is missing or wrong"))
    }

    fn text(&self, key: &str) -> Read<String> {
        self.value(key, DeValue::as_str).map(str::to_owned)
    }

    fn number<N: TryFrom<u64>>(&self, key: &str) -> Read<N> {
        self.value(key, |value| value.as_integer()?.as_str().parse::<u64>().ok()?.try_into().ok())
    }

    fn counter(&self, key: &str) -> Read<Counter> {
        self.value(key, |value| Counter::named(value.as_str()?))
    }

    fn texts(&self, key: &str) -> Read<Vec<String>> {
        let text = |item: &'a Spanned<DeValue<'a>>| item.get_ref().as_str().map(str::to_owned);
        self.value(key, |value| value.as_array()?.iter().map(text).collect())
    }

    /// What `read` makes of each table in a list; nothing of a list that is not there.
    fn each<T>(&self, key: &str, read: fn(&DeTable<'_>) -> Read<T>) -> Read<Vec<T>> {
        let Some(value) = self.0.get(key) else { return Ok(Vec::new()) };
        let items = value.get_ref().as_array().ok_or_else(|| format!("`{key}` is no list"))?;
        let table = |item: &'a Spanned<DeValue<'a>>| {
            read(item.get_ref().as_table().ok_or_else(|| format!("`{key}` lists tables"))?)
        };
        items.iter().map(table).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id = \"1\"\nchapter = 1\npredict = { options = [\"a\"], right = \"a\" }\n";

    fn refusal(rest: &str) -> String {
        LessonFile::parse(&format!("{HEAD}{rest}")).expect_err("refused")
    }

    #[test]
    fn what_may_be_left_out_can_be() {
        let file = LessonFile::parse(&format!("{HEAD}[[goal]]\nid = \"g\"\nsteps = []"));
        let file = file.expect("a lesson");
        let Goal { after: None, holds: None, never: None, .. } = &file.goals[0] else {
            panic!("{:?}", file.goals)
        };
        assert!(file.hints.is_empty());
    }

    #[test]
    fn what_nobody_would_read_is_refused() {
        assert_eq!(refusal("more = 1"), "there is no key `more` here");
        assert_eq!(refusal("hint = 1"), "`hint` is no list");
        assert_eq!(refusal("[[goal]]\nid = 1"), "`id` is missing or wrong");
        let when = |condition: &str| {
            refusal(&format!("[[hint]]\nid = \"h\"\ngoal = \"g\"\nwhen = [{{ {condition} }}]"))
        };
        assert_eq!(when("counter = \"luck\", below = 1"), "`counter` is missing or wrong");
        assert_eq!(when("step-below = -1"), "`step-below` is missing or wrong");
        assert_eq!(when("step-below = 1, is = 2"), "there is no key `is` here");
        assert_eq!(when(""), "`step-below` is missing or wrong");
    }
}
