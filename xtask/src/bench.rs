//! The benchmarks.

use anyhow::Result;

use crate::{paths, proc};

/// Runs `cargo bench`: a filter goes to the benchmarks, and so does what follows `--`. At the end
/// stands what they aim at and what they reached.
pub fn run(args: &[String]) -> Result<()> {
    proc::step("running the benchmarks (built with optimisation: 1 to 2 min the first time)");
    // Only the benchmarks' own programs: cargo would hand their options to the unit tests as well.
    let mut cargo = proc::cargo();
    cargo.args(["bench", "--bench", "*", "--"]).args(args.iter().filter(|arg| *arg != "--"));
    let mut aims = Vec::new();
    proc::run_and_read(cargo.current_dir(paths::root()), |line| match Aim::read(line) {
        Some(aim) => aims.push(aim),
        None => println!("{line}"),
    })?;
    if !aims.is_empty() {
        println!("\n{:48} {:>12} {:>12}", "aims", "aim", "reached");
    }
    for Aim { what, aim, reached, state } in aims {
        println!("{what:48} {aim:>12} {reached:>12}  {state}");
    }
    Ok(())
}

/// A line of benches/support/aims.rs.
#[derive(Debug, PartialEq, Eq)]
struct Aim {
    what: String,
    aim: String,
    reached: String,
    /// `met` or `missed`.
    state: String,
}

impl Aim {
    fn read(line: &str) -> Option<Self> {
        let mut fields = line.strip_prefix("aim\t")?.split('\t').map(str::to_owned);
        let mut next = || fields.next();
        Some(Self { what: next()?, aim: next()?, reached: next()?, state: next()? })
    }
}

#[cfg(test)]
mod tests {
    use super::Aim;

    #[test]
    fn aims_are_lines_with_tabs() {
        let aim = Aim::read("aim\tan idle week\tunder 10 s\t1.50 s\tmet").expect("an aim");
        assert_eq!((&*aim.what, &*aim.reached, &*aim.state), ("an idle week", "1.50 s", "met"));
        assert_eq!(Aim::read("aim\tcut off"), None);
        assert_eq!(Aim::read("idle week   604800     1.5"), None);
    }
}
