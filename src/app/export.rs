//! Everything that leaves as a file.

use serde_json::Value as Json;

use super::{AskedPlan, Cairn, Error, Links};
use crate::domain::access::{Action, Caller};
use crate::domain::comparison::ComparisonFilter;
use crate::domain::mapping::Standard;
use crate::domain::named::Named;
use crate::domain::organization::{GroupId, Name, TeamId};
use crate::domain::portfolio::PortfolioFilter;
use crate::domain::roadmap::Roadmap;
use crate::domain::standing::Overview;
use crate::domain::threat_model::ThreatModel;
use crate::domain::threat_model::listing::ModelFilter;
use crate::domain::view::{Dashboard, GapFilter, Selection};
use crate::formats;
use crate::formats::table::Table;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// Every recorded answer, drafts included.
    Answers,
    /// Every piece of evidence that counts, or did until it expired.
    Evidence,
    /// The teams with their groups.
    Teams,
    /// A workbook to fill in: the answers of one team in one quarter, always as XLSX.
    Template,
    /// When which team reached which stage, as the DSOMM application keeps it.
    TeamProgress,
    /// Evidence, as the DSOMM application keeps it.
    TeamEvidence,
    /// The progress scale, as the DSOMM application keeps it.
    Meta,
    /// Level, score and completion of the whole, the dimensions and the sub-dimensions.
    Levels,
    /// What is not fully implemented, most urgent first.
    Gaps,
    /// Level, score and completion over the quarters.
    Trend,
    /// How complete each level was over the quarters.
    Completion,
    /// How the teams were spread over the quarters.
    Spread,
    /// Why the scores moved since the quarter before.
    Changes,
    /// What tools and people carry, and the lenses.
    Balance,
    /// How far the stages of the roadmap are.
    Stages,
    /// What the teams have left of a stage of the roadmap, or of all.
    Practices,
    /// How far each level of each sub-dimension is.
    Heatmap,
    /// How far each team is in each sub-dimension.
    Matrix,
    /// The clauses of a standard with the activities that serve them.
    Mappings,
    /// The teams side by side.
    Portfolio,
    /// What one team could lift at those that take its answers over, the greatest gain first.
    Leverage,
    /// What somebody should look at.
    Unusual,
    /// What differs between two scopes or quarters.
    Comparison,
    /// What each clause of a standard rests on: answers and evidence, by activity.
    Statement,
    /// The stages, and what is done in which quarter.
    Roadmap,
    /// The same as what issue trackers import.
    WorkItems,
    /// When the stages are done, by what was done in the past.
    Forecast,
    /// What will be left of the stages in the coming quarters, by the same.
    ForecastFan,
    /// How the scores rise if everything is done as planned.
    Projection,
    /// How far the targets of a kept plan are.
    PlanProgress,
    /// What a kept plan had to be done by each quarter, and what was.
    BurnUp,
    /// What of a kept plan is late.
    Slipped,
    /// How each team goes with a kept plan.
    PlanTeams,
    /// The register of threat models.
    ThreatModels,
    /// The threats of all threat models.
    Threats,
    /// The mitigations of all threat models.
    Mitigations,
    /// Who did what, when and from where: always all of it.
    Audit,
}

impl Named for ExportKind {
    const NAMED: &'static [(&'static str, Self)] = &[
        ("answers", Self::Answers),
        ("evidence", Self::Evidence),
        ("teams", Self::Teams),
        ("template", Self::Template),
        ("team-progress", Self::TeamProgress),
        ("team-evidence", Self::TeamEvidence),
        ("meta", Self::Meta),
        ("levels", Self::Levels),
        ("gaps", Self::Gaps),
        ("trend", Self::Trend),
        ("completion", Self::Completion),
        ("spread", Self::Spread),
        ("changes", Self::Changes),
        ("balance", Self::Balance),
        ("stages", Self::Stages),
        ("practices", Self::Practices),
        ("heatmap", Self::Heatmap),
        ("matrix", Self::Matrix),
        ("mappings", Self::Mappings),
        ("portfolio", Self::Portfolio),
        ("leverage", Self::Leverage),
        ("unusual", Self::Unusual),
        ("comparison", Self::Comparison),
        ("statement", Self::Statement),
        ("roadmap", Self::Roadmap),
        ("work-items", Self::WorkItems),
        ("forecast", Self::Forecast),
        ("forecast-fan", Self::ForecastFan),
        ("projection", Self::Projection),
        ("plan-progress", Self::PlanProgress),
        ("burn-up", Self::BurnUp),
        ("slipped", Self::Slipped),
        ("plan-teams", Self::PlanTeams),
        ("threat-models", Self::ThreatModels),
        ("threats", Self::Threats),
        ("mitigations", Self::Mitigations),
        ("audit", Self::Audit),
    ];
}

impl ExportKind {
    /// In which forms it can be had, the usual one first: the files of the DSOMM application as YAML, what is to be
    /// filled in as a workbook, everything else as tables.
    pub fn formats(self) -> &'static [ExportFormat] {
        use ExportFormat::{Csv, Json, Xlsx, Yaml};
        match self {
            Self::TeamProgress | Self::TeamEvidence | Self::Meta => &[Yaml],
            Self::Teams => &[Csv, Json, Xlsx, Yaml],
            Self::Template => &[Xlsx],
            _ => &[Csv, Json, Xlsx],
        }
    }

    /// In which form it comes unless another one is asked for.
    pub fn usual_format(self) -> ExportFormat {
        self.formats().first().copied().unwrap_or(ExportFormat::Csv)
    }
}

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// Comma-separated values, safe for spreadsheets.
    Csv,
    /// JSON, indented.
    Json,
    /// An Excel workbook.
    Xlsx,
    /// A file of the DSOMM application.
    Yaml,
}

impl ExportFormat {
    /// What it is called on the web.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Yaml => "application/yaml",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What somebody wants to have.
#[derive(Debug, Clone)]
pub struct ExportRequest {
    /// What.
    pub kind: ExportKind,
    /// In which form.
    pub format: ExportFormat,
    /// Of whom and when. Without a period, answers are those of all periods.
    pub selection: Selection,
    /// For gaps: which of them. For practices: of which stage, and of which dimension. For a roadmap and its work
    /// items: up to which stage.
    pub filter: GapFilter,
    /// For mappings and statements: of which standard.
    pub standard: Standard,
    /// For the portfolio: which teams, and in which order.
    pub portfolio: PortfolioFilter,
    /// For the comparison: of what, and which activities.
    pub comparison: ComparisonFilter,
    /// For everything about plans: which kept one; `None`: what is followed, or else what is proposed.
    pub plan: Option<AskedPlan>,
    /// For work items: where more is said; `None`: nobody knows under which address.
    pub links: Option<Links>,
}

impl Named for ExportFormat {
    const NAMED: &'static [(&'static str, Self)] =
        &[("csv", Self::Csv), ("json", Self::Json), ("xlsx", Self::Xlsx), ("yaml", Self::Yaml)];
}

impl Cairn {
    /// Exports. Equal databases give equal bytes.
    pub fn export(&self, caller: &Caller, request: ExportRequest) -> Result<Vec<u8>, Error> {
        let ExportRequest { kind, format, selection, filter, standard, portfolio, comparison, plan, links } = request;
        if !kind.formats().contains(&format) {
            return Err(Error::invalid("format", format!("{} does not come as {}", kind.name(), format.name())));
        }
        if format == ExportFormat::Yaml {
            return self.dsomm_file(caller, kind, selection);
        }
        let either = |table: &Table, json: &dyn Fn(&Table) -> Json| written(kind, format, table, json);
        match kind {
            ExportKind::TeamProgress | ExportKind::TeamEvidence | ExportKind::Meta => {
                Err(Error::invalid("format", format!("{} comes as yaml", kind.name())))
            }
            ExportKind::Answers => either(&self.answers_table(caller, selection)?, &Table::to_json),
            ExportKind::Evidence => either(&self.evidence_table(caller, selection)?, &Table::to_json),
            ExportKind::Teams => either(&self.teams_table(caller, selection)?, &Table::to_json),
            ExportKind::Template => self.template(caller, selection),
            ExportKind::Levels => {
                let seen = self.overview(caller, selection)?;
                let overview = seen.content.ok_or(Error::NothingSubmitted)?;
                let table = formats::levels::table(&seen.catalog, &overview);
                either(&table, &|_| formats::levels::json(&seen.catalog, &overview))
            }
            ExportKind::Gaps => {
                let seen = self.gaps(caller, selection, &filter)?;
                let gaps = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::gaps::table(&seen.catalog, &gaps), &Table::to_json)
            }
            ExportKind::Trend => {
                let seen = self.trend(caller, selection)?;
                let trend = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::trend::table(&trend), &|_| formats::trend::json(&trend))
            }
            ExportKind::Completion => {
                let trend = self.trend(caller, selection)?.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::trend::completion(&trend), &Table::to_json)
            }
            ExportKind::Spread => {
                let seen = self.spread(caller, selection)?;
                let points = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::trend::spread(&seen.view.scope, &points), &Table::to_json)
            }
            ExportKind::Changes | ExportKind::Balance | ExportKind::Stages => {
                let seen = self.dashboard(caller, selection)?;
                let dashboard = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&dashboard_table(kind, &dashboard, &seen.roadmap)?, &Table::to_json)
            }
            ExportKind::Practices => {
                let seen = self.practices(caller, selection, filter.up_to, filter.dimension)?;
                let gaps = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::practices::table(&seen.catalog, &seen.roadmap, &gaps), &Table::to_json)
            }
            ExportKind::Heatmap => {
                let overview = self.overview(caller, selection)?.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::heatmap::table(&overview), &Table::to_json)
            }
            ExportKind::Matrix => {
                let seen = self.matrix(caller, selection)?;
                let rows = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::heatmap::matrix(&seen.catalog, &rows), &Table::to_json)
            }
            ExportKind::Mappings => {
                let seen = self.overview(caller, selection)?;
                let overview = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::mappings::table(&seen.catalog, &overview, standard), &Table::to_json)
            }
            ExportKind::Portfolio => {
                let seen = self.portfolio(caller, selection, &portfolio)?;
                let portfolio = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::portfolio::table(&portfolio), &Table::to_json)
            }
            ExportKind::Leverage => {
                let seen = self.leverage(caller, selection)?;
                let levers = seen.content.ok_or(Error::NothingSubmitted)?;
                let (scope, scale) = (&seen.view.scope, &seen.settings.scale);
                either(
                    &formats::leverage::table(&seen.catalog, scope, seen.view.period, scale, &levers),
                    &Table::to_json,
                )
            }
            ExportKind::Unusual => {
                let seen = self.unusual(caller, selection)?;
                let unusual = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::unusual::table(&unusual), &Table::to_json)
            }
            ExportKind::Comparison => {
                let compared = self.comparison(caller, selection, &comparison)?;
                let found = compared.comparison.as_ref().ok_or(Error::NothingSubmitted)?;
                either(&formats::comparison::table(&compared, found), &Table::to_json)
            }
            ExportKind::Statement => {
                let seen = self.mapping(caller, selection, standard)?;
                let (overview, mapping) = seen.content.ok_or(Error::NothingSubmitted)?;
                either(&formats::statement::table(&overview, &mapping), &Table::to_json)
            }
            ExportKind::Roadmap => {
                let listing = self.plan_listing(caller, selection, plan, filter.up_to)?;
                match format {
                    ExportFormat::Json => Ok(formats::plan::json(&listing)),
                    _ => either(&formats::plan::table(&listing), &Table::to_json),
                }
            }
            ExportKind::WorkItems => {
                let listing = self.plan_listing(caller, selection, plan, filter.up_to)?;
                either(&self.work_items(&listing, links.as_ref())?, &Table::to_json)
            }
            ExportKind::Forecast | ExportKind::ForecastFan => {
                either(&self.forecast_table(caller, kind, selection, plan)?, &Table::to_json)
            }
            ExportKind::Projection => {
                let found = self.projection(caller, selection, plan)?;
                either(&formats::trend::table(&found.course), &Table::to_json)
            }
            ExportKind::PlanProgress | ExportKind::BurnUp | ExportKind::Slipped | ExportKind::PlanTeams => {
                either(&self.progress_table(caller, kind, selection, plan)?, &Table::to_json)
            }
            ExportKind::ThreatModels => {
                let seen = self.threat_portfolio(caller, selection, &ModelFilter::default())?;
                either(&formats::threats::register(&seen.rows), &Table::to_json)
            }
            ExportKind::Threats | ExportKind::Mitigations => {
                let (day, models) = self.threat_models_in(caller, selection)?;
                let models: Vec<(&str, &ThreatModel)> =
                    models.iter().map(|(team, model)| (team.as_str(), model)).collect();
                let table = match kind {
                    ExportKind::Threats => formats::threats::threats(&models, day),
                    _ => formats::threats::mitigations(&models),
                };
                either(&table, &Table::to_json)
            }
            ExportKind::Audit => either(&formats::audit::table(&self.whole_audit(caller)?), &Table::to_json),
        }
    }

    /// The number of the team of this name.
    pub fn team_named(&self, caller: &Caller, name: &str) -> Result<TeamId, Error> {
        let name = Name::new(name).map_err(|error| Error::invalid("team", error))?;
        self.read(caller, Action::View, |snapshot, sight| {
            let found = snapshot.team_named(&name)?.filter(|team| sight.sees(*team));
            found.ok_or_else(|| Error::invalid("team", format!("there is no team called “{name}”")))
        })
    }

    /// The number of the group of this name.
    pub fn group_named(&self, caller: &Caller, name: &str) -> Result<GroupId, Error> {
        let name = Name::new(name).map_err(|error| Error::invalid("group", error))?;
        self.read(caller, Action::View, |snapshot, sight| {
            let found = snapshot.groups(sight)?.into_iter().find(|group| group.name.key() == name.key());
            let missing = || Error::invalid("group", format!("there is no group called “{name}”"));
            found.map(|group| group.id).ok_or_else(missing)
        })
    }
}

/// One of the tables behind the dashboard.
fn dashboard_table(kind: ExportKind, dashboard: &Dashboard, roadmap: &Roadmap) -> Result<Table, Error> {
    let Overview { scope, period, catalog, .. } = &*dashboard.overview;
    let missing = |what: &str| Error::Refused(what.to_owned());
    Ok(match kind {
        ExportKind::Changes => {
            let attribution = dashboard.attribution.as_ref();
            let attribution = attribution.ok_or_else(|| missing("there is no quarter before to compare with"))?;
            formats::attribution::table(scope, catalog, attribution)
        }
        ExportKind::Balance => {
            let balance = dashboard.balance.as_ref();
            let balance = balance.ok_or_else(|| missing("the catalog does not say who carries its activities"))?;
            formats::balance::table(scope, *period, balance)
        }
        _ => formats::stages::table(scope, *period, roadmap, &dashboard.stages),
    })
}

fn written(
    kind: ExportKind,
    format: ExportFormat,
    table: &Table,
    json: &dyn Fn(&Table) -> Json,
) -> Result<Vec<u8>, Error> {
    match format {
        ExportFormat::Csv => Ok(table.to_csv()),
        // Indented, since people read it too; a value always becomes text.
        ExportFormat::Json | ExportFormat::Yaml => Ok(format!("{:#}\n", json(table)).into_bytes()),
        ExportFormat::Xlsx => formats::xlsx::workbook(table, kind.name())
            .map_err(|error| Error::Refused(format!("no workbook can hold it ({error}); narrow it down, or take CSV"))),
    }
}
