//! Reads a `lesson.toml`, and complains with line, column and the way out.

use toml::de::DeTable;

use super::condition::Condition;
use super::file::{Fault, Goal, Hint, LessonFile, Play, PlayStep, Predict, Step};
use super::script;
use crate::scenario::ScenarioError;
use crate::scenario::problems::Problems;
use crate::scenario::section::Section;

impl LessonFile {
    /// Reads a file.
    ///
    /// # Errors
    /// Every mistake found, in order of lines.
    pub fn parse(text: &str) -> Result<Self, Vec<ScenarioError>> {
        let problems = Problems::new(text);
        let (table, errors) = DeTable::parse_recoverable(text);
        if !errors.is_empty() {
            for error in errors {
                problems.add(error.span().map_or(0, |span| span.start), error.message());
            }
            return problems.into_result(Self::empty());
        }
        let root = Section::new(table.get_ref(), table.span(), &problems);
        let lesson = lesson(&root);
        root.finish();
        problems.into_result(lesson)
    }

    fn empty() -> Self {
        Self {
            id: String::new(),
            unlocked: None,
            predict: Predict::default(),
            goals: Vec::new(),
            hints: Vec::new(),
            faults: Vec::new(),
            solution: Play::default(),
            wrong: Vec::new(),
        }
    }
}

fn lesson(root: &Section<'_>) -> LessonFile {
    let id = root.name("id", "2.6").to_string();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let is_id = id.split_once('.').is_some_and(|(one, two)| is_number(one) && is_number(two));
    if !is_id && !id.is_empty() {
        let message = format!("`{id}` is no number of a lesson; write chapter.number: \"2.6\"");
        root.problems.add(root.place("id"), message);
    }
    let lesson = LessonFile {
        id,
        unlocked: root.has("unlocked").then(|| unlocked(root)),
        predict: predict(root),
        goals: root.sections("goal").iter().map(goal).collect(),
        hints: root.sections("hint").iter().map(hint).collect(),
        faults: root.sections("fault").iter().map(fault).collect(),
        solution: root.section("solution").map(|table| play(&table)).unwrap_or_default(),
        wrong: root.sections("wrong").iter().map(play).collect(),
    };
    for (key, is_there, example) in [
        ("goal", !lesson.goals.is_empty(), "[[goal]]"),
        ("solution", !lesson.solution.steps.is_empty(), "[solution] with `steps = [...]`"),
        ("wrong", lesson.wrong.len() >= 2, "at least two [[wrong]] with `steps = [...]`"),
    ] {
        if !is_there {
            root.problems.add(root.place(key), format!("a lesson needs {example}"));
        }
    }
    names(root, &lesson);
    lesson
}

/// An empty list locks everything.
fn unlocked(root: &Section<'_>) -> Vec<String> {
    root.placed_texts("unlocked").into_iter().map(|(_, text)| text).collect()
}

/// Names that goals and hints use have to be there.
fn names(root: &Section<'_>, lesson: &LessonFile) {
    let known = |id: &str| lesson.goals.iter().any(|goal| goal.id == id);
    for (goal, table) in lesson.goals.iter().zip(root.sections("goal")) {
        if let Some(after) = goal.after.as_ref().filter(|after| !known(after)) {
            root.problems.add(table.place("after"), format!("there is no goal `{after}`"));
        }
    }
    for (hint, table) in lesson.hints.iter().zip(root.sections("hint")) {
        if !hint.goal.is_empty() && !known(&hint.goal) {
            root.problems.add(table.place("goal"), format!("there is no goal `{}`", hint.goal));
        }
    }
}

fn predict(root: &Section<'_>) -> Predict {
    let Some(table) = root.section("predict") else {
        if !root.has("predict") {
            root.problems.add(root.at(), "a lesson asks first: add a table [predict]");
        }
        return Predict::default();
    };
    let options = table.names("options", "nothing");
    let right = table.name("right", "nothing").to_string();
    let options: Vec<String> = options.iter().map(|option| option.to_string()).collect();
    if !right.is_empty() && !options.contains(&right) {
        root.problems.add(table.place("right"), format!("`{right}` is not among the options"));
    }
    table.finish();
    Predict { options, right }
}

fn goal(table: &Section<'_>) -> Goal {
    let goal = Goal {
        id: table.name("id", "lost").to_string(),
        after: table.text("after").map(|after| after.to_string()),
        holds: conditions(table, "while", false),
        never: conditions(table, "never", false),
        steps: table.sections("steps").iter().map(step).collect(),
    };
    if goal.steps.is_empty() {
        let message = "`steps` is missing; add for example `steps = [{ reach = \"lost >= 1\" }]`";
        table.problems.add(table.at(), message);
    }
    table.finish();
    goal
}

fn step(table: &Section<'_>) -> Step {
    let step = Step {
        reach: conditions(table, "reach", false),
        for_us: table.duration("for").unwrap_or(0),
        within_us: table.duration("within"),
    };
    if !table.has("reach") {
        let message = "`reach` is missing; add for example `reach = \"acknowledged >= 50\"`";
        table.problems.add(table.at(), message);
    }
    table.finish();
    step
}

fn hint(table: &Section<'_>) -> Hint {
    let hint = Hint {
        id: table.name("id", "look-at-the-isr").to_string(),
        goal: table.name("goal", "lost").to_string(),
        when: conditions(table, "when", true),
    };
    table.finish();
    hint
}

fn fault(table: &Section<'_>) -> Fault {
    let command = orders(table).into_iter().next();
    if command.is_none() {
        let message = "`do` is missing; add for example `do = \"kill-broker = <leader orders-0>\"`";
        table.problems.add(table.at(), message);
    }
    let fault =
        Fault { when: conditions(table, "when", false), command: command.unwrap_or_default() };
    if !table.has("when") {
        let message = "`when` is missing; add for example `when = \"acknowledged >= 100\"`";
        table.problems.add(table.at(), message);
    }
    table.finish();
    fault
}

fn play(table: &Section<'_>) -> Play {
    let play = Play {
        name: table.text("name").map(|name| name.to_string()).unwrap_or_default(),
        steps: table.sections("steps").iter().map(play_step).collect(),
    };
    table.finish();
    play
}

fn play_step(table: &Section<'_>) -> PlayStep {
    let step = PlayStep {
        wait_us: table.duration("wait").unwrap_or(0),
        until: conditions(table, "until", false),
        commands: orders(table),
        only_if: conditions(table, "if", false),
    };
    table.finish();
    step
}

/// A command, or a list of them.
fn orders(table: &Section<'_>) -> Vec<String> {
    let mut found = Vec::new();
    for (at, text) in table.placed_texts("do") {
        if let Err(message) = script::sample(&text) {
            table.problems.add(at, message);
        }
        found.push(text);
    }
    found
}

/// A condition, or a list of them.
fn conditions(table: &Section<'_>, key: &'static str, for_hints: bool) -> Vec<Condition> {
    let mut found = Vec::new();
    for (at, text) in table.placed_texts(key) {
        match Condition::parse_at(&text, at) {
            Ok(condition) if condition.measure.is_for_hints() && !for_hints => {
                let word = condition.measure.word;
                table.problems.add(at, format!("only hints can ask for `{word}`"));
            }
            Ok(condition) => found.push(condition),
            Err(message) => table.problems.add(at, message),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "id = \"1.1\"\npredict = { options = [\"a\"], right = \"a\" }\n";
    const PLAYS: &str = "solution.steps = [{}]\n[[wrong]]\nsteps = [{}]\n[[wrong]]\nsteps = [{}]\n";
    const GOAL: &str = "[[goal]]\nid = \"g\"\nsteps = [{ reach = \"lost >= 1\" }]\n";

    fn refusal(rest: &str) -> String {
        let text = format!("{HEAD}{PLAYS}{rest}");
        let errors = LessonFile::parse(&text).expect_err("refused");
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_may_be_left_out_can_be() {
        let file = LessonFile::parse(&format!("{HEAD}{PLAYS}{GOAL}")).expect("a lesson");
        assert!(file.hints.is_empty() && file.faults.is_empty());
        assert!(file.unlocks("acks"), "nothing is locked");
        assert_eq!(file.sections()[0], "intro");
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let with_goal = |rest: &str| refusal(&format!("{GOAL}{rest}"));
        assert_eq!(
            with_goal("[[hint]]\nid = \"h\"\ngoal = \"g\"\nwhen = \"losst >= 1\""),
            "line 14, column 8: there is no measure `losst`; did you mean `lost`?"
        );
        assert!(with_goal("[[hint]]\nid = \"h\"\ngoal = \"x\"").contains("there is no goal `x`"));
        assert!(with_goal("[[fault]]\ndo = \"x\"").contains("`when` is missing"));
        assert!(with_goal("[[goals]]\nid = 1").contains("did you mean `goal`?"));
        assert!(refusal("").contains("a lesson needs [[goal]]"));
        assert!(
            with_goal("[[goal]]\nid = \"h\"\nsteps = [{ reach = \"step >= 1\" }]")
                .contains("only hints")
        );
    }
}
