//! A run of one's own, for JavaScript.

use highwater::engine::Micros;
use highwater::history::{Run, Scenario};
use highwater::scenario::parse_duration;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};

use super::{command, read};

/// A cluster that runs a scenario in virtual time.
#[wasm_bindgen]
pub struct Playground {
    run: Run,
}

#[wasm_bindgen]
impl Playground {
    /// Opens a scenario at time 0. With `traceHash`, it keeps a hash over all that happens.
    ///
    /// # Errors
    /// Every mistake in the scenario, with line, column and reason.
    #[wasm_bindgen(constructor)]
    pub fn new(
        scenario: &str,
        #[wasm_bindgen(js_name = traceHash)] trace_hash: Option<bool>,
    ) -> Result<Self, JsError> {
        let scenario =
            Scenario::parse(scenario).map_err(|errors| JsError::new(&command::lines(&errors)))?;
        let run = match trace_hash {
            Some(true) => Run::with_trace_hash(scenario),
            _ => Run::new(scenario),
        };
        Ok(Self { run })
    }

    /// Carries out a command now: an object in the words of a scenario's `[[at]]` table, such as
    /// `{ "kill-broker": 1 }`, or the same as TOML text.
    ///
    /// # Errors
    /// What is wrong with the command, or why it is refused.
    pub fn apply(&mut self, command: &JsValue) -> Result<(), JsError> {
        command::read(command)
            .and_then(|command| self.run.apply(command))
            .map_err(|reason| JsError::new(&reason))
    }

    /// Lets virtual time pass until `time`: seconds since the start as a number, or a text such as
    /// `"1500ms"`. A time that has passed changes nothing. Answers with the time it is then, in
    /// seconds.
    ///
    /// # Errors
    /// `time` is none.
    #[wasm_bindgen(js_name = runUntil)]
    pub fn run_until(&mut self, time: &JsValue) -> Result<f64, JsError> {
        let until_us = micros(time).map_err(|reason| JsError::new(&reason))?;
        if until_us > self.run.now() {
            self.run.run_until(until_us, u64::MAX);
        }
        Ok(self.now())
    }

    /// Virtual time in seconds.
    #[must_use]
    pub fn now(&self) -> f64 {
        read::seconds(self.run.now())
    }

    /// The cluster now.
    #[must_use]
    pub fn snapshot(&self) -> JsValue {
        read::plain(&self.run.view())
    }

    /// What became of the records so far.
    #[must_use]
    pub fn verdict(&self) -> JsValue {
        read::plain(&self.run.verdict())
    }

    /// Rates and latencies.
    #[must_use]
    pub fn metrics(&self) -> JsValue {
        read::plain(&self.run.metrics())
    }

    /// Messages on their way.
    #[must_use]
    pub fn messages(&self) -> JsValue {
        read::plain(&self.run.messages())
    }

    /// The newest notable events, newest first; 100 of them unless said otherwise.
    #[must_use]
    pub fn log(&self, count: Option<u32>) -> JsValue {
        read::log(&self.run, count.unwrap_or(100) as usize)
    }

    /// A record's fate, step by step; `null` if there is no such record.
    #[must_use]
    pub fn record(&self, id: f64) -> JsValue {
        read::record(&self.run, id)
    }

    /// The hash over all that happened, in hexadecimal; `undefined` unless it was asked for.
    #[wasm_bindgen(js_name = traceHash)]
    #[must_use]
    pub fn trace_hash(&self) -> Option<String> {
        self.run.trace_hash().map(|hash| format!("{hash:016x}"))
    }
}

fn micros(time: &JsValue) -> Result<Micros, String> {
    match (time.as_f64(), time.as_string()) {
        (Some(seconds), _) if seconds >= 0.0 => Ok((seconds * 1e6).round() as Micros),
        (_, Some(text)) => parse_duration(&text),
        _ => Err("a time is a number of seconds, or a text such as \"1500ms\"".to_owned()),
    }
}
