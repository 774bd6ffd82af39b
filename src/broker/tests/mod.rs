//! Whole brokers on a little network, with the controller and the clients played by the test.

mod chaos;
mod controller;
mod net;
mod story;
