//! How the cases of one file went.

use std::collections::BTreeMap;

/// Passed, failed, and beyond the model.
#[derive(Default)]
pub struct Tally {
    passed: usize,
    failed: Vec<String>,
    inexpressible: BTreeMap<String, Vec<String>>,
}

impl Tally {
    /// Counts one case; `wrong` says what differs, if anything does.
    pub fn count(&mut self, case: &str, wrong: &[String]) {
        if wrong.is_empty() {
            self.passed += 1;
        } else {
            self.failed.push(format!("{case}: {}", wrong.join("; ")));
        }
    }

    /// The model cannot express this case, since it has no `what`.
    pub fn cannot_express(&mut self, case: &str, what: &str) {
        self.inexpressible.entry(what.to_owned()).or_default().push(case.to_owned());
    }

    pub fn passed(&self) -> usize {
        self.passed
    }

    pub fn failed(&self) -> &[String] {
        &self.failed
    }

    /// A line for everything that the model lacks, with the cases that need it.
    pub fn inexpressible(&self) -> Vec<String> {
        let line = |(what, cases): (&String, &Vec<String>)| {
            format!("no {what} in the model: {} cases: {}", cases.len(), cases.join(" "))
        };
        self.inexpressible.iter().map(line).collect()
    }

    pub fn total(&self) -> usize {
        let beyond: usize = self.inexpressible.values().map(Vec::len).sum();
        self.passed + self.failed.len() + beyond
    }
}
