//! A measure over the waves: which points are more than the usual up and down.

/// Fewest released waves of a chart.
pub const FEWEST_WAVES: usize = 7;

/// Points nearer to a line than this lie on it.
const SAME: f64 = 1e-9;

/// How many points make a run or a trend.
const RUN: usize = 7;

/// Why a point is marked; of several reasons the first in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Signal {
    /// Above the upper limit.
    AboveLimit,
    /// Below the lower limit.
    BelowLimit,
    /// One of seven points each higher than the one before.
    Rising,
    /// One of seven points each lower than the one before.
    Falling,
    /// One of two in three successive points near the upper limit.
    NearUpper,
    /// One of two in three successive points near the lower limit.
    NearLower,
    /// One of seven successive points above the mean.
    SevenAbove,
    /// One of seven successive points below the mean.
    SevenBelow,
}

/// A chart of individual values and moving ranges.
#[derive(Debug, Clone, PartialEq)]
pub struct XmrChart {
    /// The mean of all points.
    pub mean: f64,
    /// The average moving range, without extreme ones.
    pub moving_range: f64,
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
    /// The lower near limit, two thirds of the way to the lower one.
    pub near_lower: f64,
    /// The upper near limit.
    pub near_upper: f64,
    /// Per wave, hidden ones too: why its point is marked, if it is.
    pub signals: Vec<Option<Signal>>,
}

/// The chart of a measure over successive waves, hidden ones as none; none below
/// seven released waves. A hidden wave breaks runs and moving ranges.
///
/// Source: methods.md 7: NHS England, *Making Data Count*; limits at 2.66 average
/// moving ranges, ranges of at least 3.267 times the average left out once.
#[must_use]
pub fn xmr(points: &[Option<f64>]) -> Option<XmrChart> {
    let released: Vec<f64> = points.iter().copied().flatten().collect();
    if released.len() < FEWEST_WAVES {
        return None;
    }
    let mean = average(&released)?;
    let moving_range = moving_range(points)?;
    let width = 2.66 * moving_range;
    let near = width * 2.0 / 3.0;
    let lines = Lines { mean, width, near };
    let mut signals = vec![None; points.len()];
    let mut start = 0;
    for stretch in points.split(Option::is_none) {
        let values: Vec<f64> = stretch.iter().copied().flatten().collect();
        for (signal, slot) in lines.signals(&values).into_iter().zip(signals.iter_mut().skip(start))
        {
            *slot = signal;
        }
        start += stretch.len() + 1;
    }
    Some(XmrChart {
        mean,
        moving_range,
        lower: mean - width,
        upper: mean + width,
        near_lower: mean - near,
        near_upper: mean + near,
        signals,
    })
}

fn average(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / super::real(values.len() as u64))
}

/// The average moving range between adjacent released waves; none without one.
fn moving_range(points: &[Option<f64>]) -> Option<f64> {
    let pairs = points.iter().zip(points.iter().skip(1));
    let ranges: Vec<f64> =
        pairs.filter_map(|(one, next)| Some((((*next)?) - (*one)?).abs())).collect();
    let first = average(&ranges)?;
    let usual: Vec<f64> =
        ranges.iter().copied().filter(|range| *range < 3.267 * first - SAME).collect();
    // All ranges are nought, or none is usual: keep what there is.
    Some(average(&usual).unwrap_or(first))
}

/// The lines of a chart: how far from the mean the limits lie.
struct Lines {
    mean: f64,
    width: f64,
    near: f64,
}

impl Lines {
    /// The signals of a stretch of waves without a gap.
    fn signals(&self, values: &[f64]) -> Vec<Option<Signal>> {
        let from_mean: Vec<f64> = values.iter().map(|value| value - self.mean).collect();
        let upside_down: Vec<f64> = from_mean.iter().map(|value| -value).collect();
        let up = self.upward(&from_mean);
        let down = self.upward(&upside_down);
        let sides = up.into_iter().zip(down);
        sides
            .map(|(up, down)| up.map(Rule::up).into_iter().chain(down.map(Rule::down)).min())
            .collect()
    }

    /// The first rule that marks each point because it lies high.
    fn upward(&self, values: &[f64]) -> Vec<Option<Rule>> {
        let mut marks: Vec<Option<Rule>> = values
            .iter()
            .map(|value| (*value > self.width + SAME).then_some(Rule::Limit))
            .collect();
        let rising = |run: &[f64]| run.iter().zip(run.iter().skip(1)).all(|(a, b)| *b > a + SAME);
        let above = |value: &f64| *value > SAME;
        let near = |value: &f64| *value > self.near + SAME;
        let two_near = |run: &[f64]| {
            run.iter().all(above) && run.iter().filter(|value| near(value)).count() >= 2
        };
        mark(values, RUN, &mut marks, Rule::Trend, rising, |_| true);
        mark(values, 3, &mut marks, Rule::Near, two_near, near);
        mark(values, RUN, &mut marks, Rule::Side, |run| run.iter().all(above), |_| true);
        marks
    }
}

/// The rules in order, for one side of the mean.
#[derive(Debug, Clone, Copy)]
enum Rule {
    Limit,
    Trend,
    Near,
    Side,
}

impl Rule {
    fn up(self) -> Signal {
        match self {
            Self::Limit => Signal::AboveLimit,
            Self::Trend => Signal::Rising,
            Self::Near => Signal::NearUpper,
            Self::Side => Signal::SevenAbove,
        }
    }

    fn down(self) -> Signal {
        match self {
            Self::Limit => Signal::BelowLimit,
            Self::Trend => Signal::Falling,
            Self::Near => Signal::NearLower,
            Self::Side => Signal::SevenBelow,
        }
    }
}

/// Marks the chosen points of every run of this length that a rule is about,
/// unless an earlier rule has marked them.
fn mark(
    values: &[f64],
    length: usize,
    marks: &mut [Option<Rule>],
    rule: Rule,
    applies: impl Fn(&[f64]) -> bool,
    chosen: impl Fn(&f64) -> bool,
) {
    for (start, run) in values.windows(length).enumerate().filter(|(_, run)| applies(run)) {
        for (value, slot) in run.iter().zip(marks.iter_mut().skip(start)) {
            if chosen(value) && slot.is_none() {
                *slot = Some(rule);
            }
        }
    }
}
