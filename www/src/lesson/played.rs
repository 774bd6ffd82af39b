//! Lesson 2.6, played by the model with many timings: the solution meets all goals, tempting wrong
//! answers do not.

use std::sync::Arc;

use highwater::cluster::Command;
use highwater::engine::{Micros, NodeId};
use highwater::history::Run;

use super::catalogue::{Lesson, lessons};
use super::judge::{Facts, GoalState, Judge};

/// Moments at which the first leader dies, one play each.
const PLAYS: u64 = 20;

/// Between two such moments; no multiple of anything periodic.
const APART_US: Micros = 137_000;

/// Deaths in these plays that lose nothing: all that was acknowledged had just been fetched. A hint
/// says what to do then.
const UNLUCKY: usize = 2;

/// Between two looks of the judge, as on the page at full speed.
const LOOK_US: Micros = 500_000;

struct Play {
    lesson: Lesson,
    run: Run,
    judge: Judge,
}

impl Play {
    /// A play that begins `turn` steps later than the first.
    fn new(turn: u64) -> Self {
        let lesson = lessons().into_iter().find(|l| l.file.id == "2.6").expect("lesson 2.6");
        let scenario = lesson.scenario().expect("its scenario parses");
        let warm_up_us = scenario.warm_up_us;
        let mut play = Self { run: Run::new(scenario), lesson, judge: Judge::default() };
        play.run.run_until(warm_up_us, u64::MAX);
        play.look();
        play.wait(2_000_000 + turn * APART_US);
        play
    }

    fn look(&mut self) {
        let (view, verdict) = (self.run.view(), self.run.verdict());
        let facts = Facts { view: &view, verdict: &verdict };
        self.judge.look(&self.lesson.file, facts, self.run.log().iter().rev());
    }

    fn wait(&mut self, span_us: Micros) {
        let end_us = self.run.now() + span_us;
        while self.run.now() < end_us {
            self.run.run_until(end_us.min(self.run.now() + LOOK_US), u64::MAX);
            self.look();
        }
    }

    fn apply(&mut self, command: Command) {
        self.run.apply(command).expect("a command that can be carried out");
        self.look();
    }

    fn leader(&self) -> NodeId {
        let view = self.run.view();
        let topic = view.topics.iter().find(|topic| !topic.internal).expect("orders");
        topic.partitions[0].leader.expect("a leader")
    }

    fn kill_leader(&mut self) -> NodeId {
        let leader = self.leader();
        self.apply(Command::KillBroker(leader));
        self.wait(20_000_000);
        leader
    }

    fn set_acks(&mut self, acks: &str) {
        let (client, key) = (Arc::from("payments"), Arc::from("acks"));
        self.apply(Command::SetClientConfig { client, key, value: Some(acks.into()) });
        self.wait(1_000_000);
    }

    fn met(&self) -> Vec<bool> {
        let goals = 0..self.lesson.file.goals.len();
        goals.map(|goal| matches!(self.judge.state(goal), GoalState::Met(_))).collect()
    }
}

#[test]
fn the_solution_wins() {
    let mut unlucky = 0;
    for turn in 0..PLAYS {
        let mut play = Play::new(turn);
        let mut dead = play.kill_leader();
        for _ in 0..2 {
            if play.met() != [false, false] {
                break;
            }
            unlucky += 1;
            play.apply(Command::StartBroker(dead));
            play.wait(15_000_000);
            dead = play.kill_leader();
        }
        assert_eq!(play.met(), [true, false], "play {turn}: {:?}", play.run.verdict());
        play.apply(Command::StartBroker(dead));
        play.set_acks("all");
        play.wait(15_000_000);
        assert_eq!(play.met(), [true, false], "play {turn}: no leader has died yet");
        play.kill_leader();
        assert_eq!(play.met(), [true, true], "play {turn}: {:?}", play.run.verdict());
    }
    assert!(unlucky <= UNLUCKY, "{unlucky} deaths lost nothing");
}

#[test]
fn stopping_in_good_order_does_not_meet_the_second_goal() {
    for turn in 0..PLAYS {
        let mut play = Play::new(turn);
        let leader = play.leader();
        play.apply(Command::StopBroker(leader));
        play.wait(20_000_000);
        assert!(!play.met()[1], "play {turn}");
    }
}

#[test]
fn killing_again_with_acks_1_does_not_meet_the_second_goal() {
    for turn in 0..PLAYS {
        let mut play = Play::new(turn);
        let dead = play.kill_leader();
        play.apply(Command::StartBroker(dead));
        play.wait(15_000_000);
        play.kill_leader();
        play.wait(10_000_000);
        assert!(!play.met()[1], "play {turn}");
    }
}

#[test]
fn acks_all_without_a_crash_does_not_meet_the_second_goal() {
    let mut play = Play::new(0);
    play.kill_leader();
    play.set_acks("all");
    play.wait(60_000_000);
    assert_eq!(play.met(), [true, false]);
    let view = play.run.view();
    let verdict = play.run.verdict();
    let hints = play.judge.hints(&play.lesson.file, Facts { view: &view, verdict: &verdict });
    assert_eq!(hints, ["kill-again"]);
}
