//! The charts by the names under which they can be taken away, as files.

use crate::charts::{self, Chart, OpenThreatsPoint, Projected};
use crate::domain::forecast::Forecast;
use crate::domain::named::Named;
use crate::domain::plan::progress::PlanProgress;
use crate::domain::plan::seen::PlanCourse;
use crate::domain::plan::{Plan, PlanInput};
use crate::domain::roadmap::{Roadmap, StageNumber};
use crate::domain::spread::SpreadPoint;
use crate::domain::standing::{Overview, Trend};
use crate::domain::threat_model::portfolio::Quarter;
use crate::domain::threat_model::words::Severity;
use crate::domain::view::Dashboard;

/// A chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Picture {
    /// The dimensions against the quarter before and the target.
    Radar,
    /// Why a score moved.
    Waterfall,
    /// What tools and what people carry.
    Balance,
    /// The levels of the sub-dimensions.
    Heatmap,
    /// A score over the quarters.
    Trend,
    /// What a score is made of over the quarters.
    Levels,
    /// How far the teams are apart over the quarters.
    Spread,
    /// What is left of a stage in past and coming quarters.
    Forecast,
    /// A score in the quarters of a plan.
    Projection,
    /// The work of a plan over its quarters.
    Workload,
    /// A kept plan against what was done.
    BurnUp,
    /// The open threats of threat models over the quarters.
    OpenThreats,
}

impl Named for Picture {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("radar", Self::Radar),
        ("waterfall", Self::Waterfall),
        ("balance", Self::Balance),
        ("heatmap", Self::Heatmap),
        ("trend", Self::Trend),
        ("levels", Self::Levels),
        ("spread", Self::Spread),
        ("forecast", Self::Forecast),
        ("projection", Self::Projection),
        ("workload", Self::Workload),
        ("burn-up", Self::BurnUp),
        ("open-threats", Self::OpenThreats),
    ];
}

/// What a picture is stored as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Format {
    /// Lines and text, sharp at any size.
    Svg,
    /// Pixels, for programs that know nothing else.
    Png,
}

impl Named for Format {
    const NAMED: &'static [(&'static str, Self)] = &[("svg", Self::Svg), ("png", Self::Png)];
}

impl Format {
    /// Its media type.
    pub(in crate::web) fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
        }
    }
}

/// What came of drawing.
pub(in crate::web) enum Drawn {
    /// The chart.
    Chart(Chart),
    /// There is no such line, or nothing to draw.
    Nothing,
}

impl From<Option<Chart>> for Drawn {
    fn from(chart: Option<Chart>) -> Self {
        chart.map_or(Self::Nothing, Self::Chart)
    }
}

/// How much larger than its own size a chart is painted: enough for print.
const SCALE: f32 = 3.0;

/// The file of a chart. Fails with a sentence when it cannot be painted.
pub(in crate::web) fn file(chart: &Chart, format: Format) -> Result<Vec<u8>, String> {
    match format {
        Format::Svg => Ok(chart.standalone().into_bytes()),
        Format::Png => chart.png(SCALE).map_err(|error| error.to_string()),
    }
}

/// A chart of the dashboard.
pub(in crate::web) fn of_dashboard(
    picture: Picture,
    dashboard: &Dashboard,
    roadmap: &Roadmap,
    dimension: &str,
) -> Drawn {
    match picture {
        Picture::Radar => Drawn::Chart(radar(&dashboard.overview, dashboard.before.as_deref(), roadmap, "radar")),
        Picture::Waterfall => waterfall(dashboard, dimension).into(),
        _ => balance(dashboard).into(),
    }
}

/// The dimensions against the quarter before and the target of the stage that is worked on.
pub(super) fn radar(overview: &Overview, before: Option<&Overview>, roadmap: &Roadmap, id: &str) -> Chart {
    let before = before.map(|before| (&before.scorecard, before.period));
    let stage = roadmap.present(&overview.scorecard).and_then(|number| roadmap.stage(number));
    let target = stage.map(|stage| (stage.name.as_str(), &stage.targets));
    charts::radar(&overview.scorecard, &overview.unanswered_dimensions(), before, target, &overview.scope.name, id)
}

/// Why the score of a dimension or of the whole moved; `None` where there is none of it.
pub(super) fn waterfall(dashboard: &Dashboard, dimension: &str) -> Option<Chart> {
    let attribution = dashboard.attribution.as_ref()?;
    charts::waterfall(attribution, dimension, &dashboard.overview.scope.name, "waterfall")
}

/// What tools and what people carry; `None` where the catalog does not say.
pub(super) fn balance(dashboard: &Dashboard) -> Option<Chart> {
    let before = dashboard.balance_before.as_ref();
    let before = before.zip(dashboard.before.as_ref()).map(|(balance, before)| (balance, before.period));
    Some(charts::balance(dashboard.balance.as_ref()?, before, &dashboard.overview.scope.name, "balance"))
}

/// The round heatmap, without links, which would lead nowhere from a file.
pub(in crate::web) fn heatmap(overview: &Overview) -> Drawn {
    let Overview { catalog, scorecard, measures, scope, .. } = overview;
    Drawn::Chart(charts::heatmap(catalog, scorecard, measures, &|_, _, _| String::new(), &scope.name, "heatmap"))
}

/// A chart of the trend.
pub(in crate::web) fn of_trend(picture: Picture, trend: &Trend, roadmap: &Roadmap, dimension: &str) -> Drawn {
    match picture {
        Picture::Levels => charts::levels(trend, dimension, "levels").into(),
        _ => {
            let mut charts = charts::trend(trend, roadmap, "trend").into_iter().zip(trend.dimensions());
            charts.find(|(_, name)| *name == dimension).map(|(chart, _)| chart).into()
        }
    }
}

/// How far the teams are apart.
pub(in crate::web) fn spread(spread: &[SpreadPoint], dimension: &str, scope: &str) -> Drawn {
    charts::spread(spread, dimension, scope, "spread").into()
}

/// What is left of a stage, or else of the first of which something is.
pub(in crate::web) fn forecast(forecast: &Forecast, roadmap: &Roadmap, stage: Option<StageNumber>) -> Drawn {
    let mut charts = forecast.open().zip(charts::forecast(forecast, roadmap, "forecast"));
    charts.find(|(number, _)| stage.is_none_or(|stage| stage == *number)).map(|(_, chart)| chart).into()
}

/// Where a plan leads in a dimension, or in the whole.
pub(in crate::web) fn projection(plan: &PlanCourse, dimension: &str) -> Drawn {
    let projected = Projected { name: &plan.name, trend: &plan.course };
    charts::projection(&[projected], dimension, &plan.roadmap, "projection").into()
}

/// The work of a plan.
pub(in crate::web) fn workload(plan: &Plan, input: &PlanInput, roadmap: &Roadmap) -> Drawn {
    charts::workload(&plan.calendar(input), roadmap, "workload").into()
}

/// A kept plan against what was done.
pub(in crate::web) fn burn_up(progress: &PlanProgress) -> Drawn {
    charts::burn_up(progress, "burn-up").into()
}

/// The open threats quarter by quarter; `None` before the first threat model.
pub(super) fn open_threats(quarters: &[Quarter]) -> Option<Chart> {
    let point = |quarter: &Quarter| {
        let with = |severity| quarter.open.with(severity);
        OpenThreatsPoint {
            period: quarter.period,
            by_severity: [
                with(Severity::Critical),
                with(Severity::High),
                with(Severity::Medium),
                with(Severity::Low),
                with(Severity::Note),
                quarter.open.unrated,
            ],
            models: quarter.models,
        }
    };
    charts::open_threats(&quarters.iter().map(point).collect::<Vec<_>>(), "open-threats")
}

/// The same as a file.
pub(in crate::web) fn of_open_threats(quarters: &[Quarter]) -> Drawn {
    open_threats(quarters).into()
}
