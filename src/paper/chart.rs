//! Pictures of figures, as SVG: lying bars, and a line over the months. A few rectangles need no
//! library; every number in them stands in the table below.

use maud::{Markup, html};

const WIDTH: f64 = 700.0;
const ROW: f64 = 26.0;
const BAR: f64 = 14.0;
const NAMES: f64 = 190.0;
const NOTES: f64 = 120.0;
const HEIGHT: f64 = 200.0;
const EDGE: f64 = 44.0;
/// Longer names are cut.
const NAME_CHARS: usize = 27;

#[derive(Clone, Debug)]
pub(super) struct Picture {
    pub(super) name: String,
    /// A tone and what it stands for.
    pub(super) legend: Vec<(&'static str, String)>,
    pub(super) drawn: Drawn,
}

#[derive(Clone, Debug)]
pub(super) enum Drawn {
    Bars(Vec<Bar>),
    Months { months: Vec<Month>, unit: String },
}

#[derive(Clone, Debug)]
pub(super) struct Bar {
    pub(super) name: String,
    /// Behind the bar: its number in words.
    pub(super) note: String,
    /// From where to where, in which tone; later ones lie above earlier ones.
    pub(super) parts: Vec<(&'static str, f64, f64)>,
    pub(super) limit: Option<f64>,
}

#[derive(Clone, Debug)]
pub(super) struct Month {
    pub(super) name: String,
    pub(super) median: f64,
    pub(super) p85: f64,
}

impl Picture {
    pub(super) fn html(&self) -> Markup {
        html! {
            figure {
                div class="wide" role="group" aria-label=(self.name) tabindex="0" {
                    @match &self.drawn {
                        Drawn::Bars(bars) => (self.bars(bars)),
                        Drawn::Months { months, unit } => (self.months(months, unit)),
                    }
                }
                figcaption {
                    @for (tone, name) in &self.legend {
                        span { (sample(tone)) (name) }
                    }
                }
            }
        }
    }

    fn bars(&self, bars: &[Bar]) -> Markup {
        let ends = bars.iter().flat_map(|bar| {
            let parts = bar.parts.iter().map(|(_, _, to)| *to);
            parts.chain(bar.limit)
        });
        let most = ends.fold(0.0, f64::max);
        let room = WIDTH - NAMES - NOTES;
        let x = |value: f64| match most > 0.0 {
            true => NAMES + value / most * room,
            false => NAMES,
        };
        let height = bars.iter().fold(4.0, |height, _| height + ROW);
        let tops = std::iter::successors(Some((ROW - BAR) / 2.0), |top| Some(top + ROW));
        html! {
            svg viewBox={ "0 0 " (at(WIDTH)) " " (at(height)) } role="img" aria-label=(self.name) {
                @for (bar, top) in bars.iter().zip(tops) {
                    text x=(at(NAMES - 10.0)) y=(at(top + BAR - 3.0)) text-anchor="end" { (cut(&bar.name)) }
                    @for (tone, from, to) in &bar.parts {
                        rect class=(tone) x=(at(x(*from))) y=(at(top)) width=(at((x(*to) - x(*from)).max(0.0))) height=(at(BAR)) rx="2" {}
                    }
                    @if let Some(limit) = bar.limit {
                        line class="limit" x1=(at(x(limit))) x2=(at(x(limit))) y1=(at(top - 3.0)) y2=(at(top + BAR + 3.0)) {}
                    }
                    text class="soft" x=(at(WIDTH)) y=(at(top + BAR - 3.0)) text-anchor="end" { (bar.note) }
                }
            }
        }
    }

    fn months(&self, months: &[Month], unit: &str) -> Markup {
        let most = months.iter().map(|month| month.p85.max(month.median));
        let most = nice(most.fold(0.0, f64::max));
        let steps = months.iter().skip(1).fold(1.0, |steps, _| steps + 1.0);
        let step = (WIDTH - 2.0 * EDGE) / steps;
        let xs: Vec<f64> = std::iter::successors(Some(EDGE + step / 2.0), |x| Some(x + step))
            .take(months.len())
            .collect();
        let y = |value: f64| HEIGHT - 28.0 - value / most * (HEIGHT - 44.0);
        let line = |of: fn(&Month) -> f64| {
            let points = months.iter().zip(&xs);
            let points = points.map(|(month, x)| format!("{},{}", at(*x), at(y(of(month)))));
            points.collect::<Vec<_>>().join(" ")
        };
        // Names that would run into each other are left out.
        let each = months.len().div_ceil(12).max(1);
        html! {
            svg viewBox={ "0 0 " (at(WIDTH)) " " (at(HEIGHT)) } role="img" aria-label=(self.name) {
                @for tick in [0.0, most / 2.0, most].into_iter().filter(|tick| tick.fract() == 0.0) {
                    line class="grid" x1=(at(EDGE)) x2=(at(WIDTH - EDGE)) y1=(at(y(tick))) y2=(at(y(tick))) {}
                    text class="soft" x=(at(EDGE - 6.0)) y=(at(y(tick) + 4.0)) text-anchor="end" { (format!("{tick:.0} {unit}")) }
                }
                @for (month, x) in months.iter().zip(&xs).step_by(each) {
                    text x=(at(*x)) y=(at(HEIGHT - 8.0)) text-anchor="middle" { (month.name) }
                }
                polyline class="p85" points=(line(|month| month.p85)) {}
                polyline class="median" points=(line(|month| month.median)) {}
                @for (month, x) in months.iter().zip(&xs) {
                    circle class="p85" cx=(at(*x)) cy=(at(y(month.p85))) r="3" {}
                    circle class="median" cx=(at(*x)) cy=(at(y(month.median))) r="3" {}
                }
            }
        }
    }
}

fn sample(tone: &str) -> Markup {
    html! {
        svg class="sample" viewBox="0 0 14 10" aria-hidden="true" {
            @match tone {
                "limit" => line class="limit" x1="7" x2="7" y1="0" y2="10" {},
                tone => rect class=(tone) x="0" y="0" width="14" height="10" rx="2" {},
            }
        }
    }
}

fn at(value: f64) -> String {
    format!("{value:.1}")
}

fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_CHARS {
        return name.to_owned();
    }
    let short: String = name.chars().take(NAME_CHARS - 1).collect();
    format!("{}…", short.trim_end())
}

/// The next of 1, 2, 5, 10, 20, 50 …: a scale that can be read, and is never nought.
fn nice(most: f64) -> f64 {
    let mut step = 1.0;
    for factor in [2.0, 2.5, 2.0].into_iter().cycle().take(60) {
        if step >= most {
            break;
        }
        step *= factor;
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number_and_holds_all() {
        for (most, end) in [
            (0.0, 1.0),
            (1.0, 1.0),
            (1.1, 2.0),
            (3.0, 5.0),
            (7.0, 10.0),
            (120.0, 200.0),
        ] {
            assert!((nice(most) - end).abs() < 1e-9, "{most}: {}", nice(most));
        }
    }
}
