//! A run: scenario and commands.
