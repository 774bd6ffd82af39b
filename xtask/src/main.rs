//! The project's own commands: set up, build, serve, test, soak, check and bench.
//!
//! One idea a file: [`cli`] reads the command line; [`toolchain`] and [`debian`] find or make a
//! compiler for the page; [`tools`], [`npm`] and [`browser`] find or install the rest; [`page`]
//! assembles `dist/`; [`lessons`] lays lessons out, begins and proves them; [`serve`] serves it over [`http`]; [`test`], [`soak`], [`check`] and
//! [`bench`] run what they say.

mod bench;
mod browser;
mod budget;
mod check;
mod cli;
mod debian;
mod deps;
mod glue;
mod http;
mod late;
mod lessons;
mod lines;
mod lock;
mod npm;
mod opening;
mod page;
mod paths;
mod proc;
mod serve;
mod soak;
mod split;
mod test;
mod toolchain;
mod tools;
mod walls;

use std::process::ExitCode;

use cli::Task;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let task = match cli::parse(&args) {
        Ok(task) => task,
        Err(message) => {
            eprintln!("error: {message}\n\n{}", cli::USAGE);
            return ExitCode::from(2);
        }
    };
    let done = match task {
        Task::Help => {
            println!("{}", cli::USAGE);
            Ok(())
        }
        Task::Play { port } => serve::play(port),
        Task::Build { budget } => {
            page::build(page::Finish::Small).and_then(|dist| budget::report(&dist, budget))
        }
        Task::Test { only, filter } => test::run(only, filter.as_deref()),
        Task::Check => check::run(),
        Task::Bench { args } => bench::run(&args),
        Task::Soak { runs, seed } => soak::run(runs, seed),
        Task::LessonNew { slug } => lessons::new(&slug),
        Task::LessonCheck { id } => lessons::check(id.as_deref()),
        Task::Opening => opening::run(),
        Task::Setup => test::set_up(),
        Task::Wasm { args } => toolchain::passthrough(&args),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}
