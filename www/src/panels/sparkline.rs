//! A small line of the numbers of late; decoration beside the number itself.

use std::fmt::Write;

use yew::prelude::*;

const WIDTH: u64 = 120;
const HEIGHT: u64 = 24;
/// Room for at least so many points; fewer stand at the right.
const ROOM: u64 = 16;

/// The line through these numbers, newest last.
pub fn sparkline(points: &[u64]) -> Html {
    html! {
        <svg class="sparkline" viewBox={format!("0 -1 {WIDTH} {}", HEIGHT + 2)} preserveAspectRatio="none"
            aria-hidden="true">
            <polyline points={path(points)} />
        </svg>
    }
}

fn path(points: &[u64]) -> String {
    let top = points.iter().copied().max().unwrap_or(0).max(1);
    let room = ROOM.max(points.len() as u64);
    let offset = room - points.len() as u64;
    let mut path = String::with_capacity(points.len() * 8);
    for (index, point) in points.iter().enumerate() {
        let x = (offset + index as u64) * WIDTH / (room - 1);
        let y = HEIGHT - (u128::from(*point) * u128::from(HEIGHT) / u128::from(top)) as u64;
        // Writing into a String cannot fail.
        let _ = write!(path, "{x},{y} ");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_point_is_at_the_right_and_the_greatest_on_top() {
        assert_eq!(path(&[0, 5, 10]).trim(), "104,24 112,12 120,0");
        assert_eq!(path(&[0]).trim(), "120,24");
        assert_eq!(path(&[]), "");
    }
}
