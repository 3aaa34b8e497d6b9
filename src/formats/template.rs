//! A workbook to fill in: the answers of one team in one quarter, its evidence, and how to do it. Read back as
//! it is, it says what is recorded. The same content gives the same bytes.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    FormatAlign, FormatBorder, Formula, ProtectionOptions, Workbook, Worksheet, XlsxError,
};

use super::incoming::HOW_TO;
use super::sheet::list;
use super::{evidence, xlsx};
use crate::domain::answer::{Answer, Status};
use crate::domain::catalog::{Activity, ActivityId};
use crate::domain::evidence::EvidenceContent;
use crate::domain::period::Period;
use crate::domain::scale::ProgressScale;

/// What a template is filled with.
#[derive(Debug)]
pub struct Template<'a> {
    /// The name of the team.
    pub team: &'a str,
    /// The quarter.
    pub period: Period,
    /// The steps that answers take.
    pub scale: &'a ProgressScale,
    /// All activities, in the order of the catalog.
    pub questions: Vec<Question<'a>>,
    /// The evidence of the team, with the names of the teams that each piece is for.
    pub evidence: Vec<(&'a EvidenceContent, Vec<&'a str>)>,
}

/// An activity with what is answered.
#[derive(Debug)]
pub struct Question<'a> {
    /// Its dimension and its sub-dimension.
    pub place: [&'a str; 2],
    /// The activity.
    pub activity: &'a Activity,
    /// What is recorded, if anything.
    pub answer: Option<&'a Answer>,
    /// The name of the team that the answer is taken from.
    pub inherited_from: Option<&'a str>,
}

/// How many rows for evidence can be filled in.
const EVIDENCE_ROWS: u32 = 500;

/// The columns of answers with their widths, and whether they are to be filled in.
const ANSWER_COLUMNS: [(&str, f64, bool); 11] = [
    ("dimension", 18.0, false),
    ("sub_dimension", 22.0, false),
    ("level", 7.0, false),
    ("activity", 46.0, false),
    ("status", 22.0, true),
    ("not_applicable_reason", 30.0, true),
    ("note", 46.0, true),
    ("inherited_from", 20.0, true),
    ("team", 18.0, false),
    ("period", 10.0, false),
    ("activity_id", 38.0, false),
];

/// The widths of the columns of evidence.
const EVIDENCE_WIDTHS: [f64; 8] = [34.0, 40.0, 46.0, 14.0, 14.0, 20.0, 46.0, 24.0];

/// The row of the explanation in which the list of what can be answered begins.
const STEPS_ROW: u32 = 2;

/// What the cells look like.
struct Look {
    head: Format,
    fixed: Format,
    open: Format,
    day: Format,
    missing: Format,
}

impl Look {
    fn new() -> Self {
        let text = || Format::new().set_text_wrap().set_align(FormatAlign::Top);
        Self {
            head: Format::new().set_bold().set_background_color("#E4E8EC").set_border(FormatBorder::Thin),
            fixed: text().set_font_color("#404850").set_background_color("#F4F5F7"),
            open: text().set_unlocked().set_border(FormatBorder::Thin),
            day: text().set_unlocked().set_border(FormatBorder::Thin).set_num_format("yyyy-mm-dd"),
            missing: Format::new().set_background_color("#FFE08A"),
        }
    }
}

/// The workbook. Fails only for what no sheet has room for.
pub fn workbook(template: &Template<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2000, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let look = Look::new();
    answers(workbook.add_worksheet(), template, &look)?;
    pieces(workbook.add_worksheet(), template, &look)?;
    how_to(workbook.add_worksheet(), template.scale, &look)?;
    workbook.save_to_buffer()
}

/// What the words of a status are for people.
fn said(status: &Status, scale: &ProgressScale) -> String {
    match status {
        Status::Unanswered => String::new(),
        Status::NotApplicable { .. } => NOT_APPLICABLE.to_owned(),
        Status::Step(key) => scale.step(key).map_or(key, |step| &step.name).clone(),
    }
}

const NOT_APPLICABLE: &str = "Not applicable";
const UNANSWERED: &str = "Unanswered";

fn answers(sheet: &mut Worksheet, template: &Template<'_>, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name("Answers")?;
    for (column, (name, width, _)) in (0..).zip(ANSWER_COLUMNS) {
        sheet.write_string_with_format(0, column, name, &look.head)?;
        sheet.set_column_width(column, width)?;
    }
    let period = template.period.to_string();
    for (row, question) in (1..).zip(&template.questions) {
        let blank = Answer::default();
        let answer = question.answer.unwrap_or(&blank);
        let [dimension, sub_dimension] = question.place;
        let level = question.activity.level.to_string();
        let status = said(&answer.status, template.scale);
        let cells = [
            dimension,
            sub_dimension,
            &level,
            &question.activity.name,
            &status,
            answer.status.reason(),
            &answer.note,
            question.inherited_from.unwrap_or_default(),
            template.team,
            &period,
            &question.activity.id.0,
        ];
        for (column, (text, (_, _, open))) in (0..).zip(cells.iter().zip(ANSWER_COLUMNS)) {
            let format = if open { &look.open } else { &look.fixed };
            sheet.write_string_with_format(row, column, xlsx::guarded(text), format)?;
        }
    }
    let last = last_row(template.questions.len());
    let end = STEPS_ROW + 1 + u32::try_from(template.scale.steps().len()).unwrap_or_default();
    let status = DataValidation::new()
        .allow_list_formula(Formula::new(format!("='{HOW_TO}'!$A${}:$A${}", STEPS_ROW + 1, end + 1)))
        .set_input_message("Choose how far it is. Empty means unanswered.")?
        .set_error_message("Choose one of the list.")?;
    sheet.add_data_validation(1, 4, last, 4, &status)?;
    let reason = DataValidation::new()
        .set_input_message("Why it does not apply: needed for “Not applicable”, and only there.")?;
    sheet.add_data_validation(1, 5, last, 5, &reason)?;
    let provider = DataValidation::new()
        .set_input_message("The team whose answer this is. Delete it when the answer becomes your own.")?;
    sheet.add_data_validation(1, 7, last, 7, &provider)?;
    let missing = format!("=AND($E2=\"{NOT_APPLICABLE}\",LEN(TRIM($F2))=0)");
    let stray = format!("=AND($E2<>\"{NOT_APPLICABLE}\",LEN(TRIM($F2))>0)");
    for rule in [missing, stray] {
        let hint = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(&look.missing);
        sheet.add_conditional_format(1, 5, last, 5, &hint)?;
    }
    finish(sheet, last, 10)
}

fn pieces(sheet: &mut Worksheet, template: &Template<'_>, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name("Evidence")?;
    for (column, (name, width)) in (0..).zip(evidence::COLUMNS.iter().zip(EVIDENCE_WIDTHS)) {
        // What is added below is to be filled in, too.
        sheet.set_column_format(column, if matches!(column, 3 | 4) { &look.day } else { &look.open })?;
        sheet.write_string_with_format(0, column, *name, &look.head)?;
        sheet.set_column_width(column, width)?;
    }
    for (row, (content, teams)) in (1..).zip(&template.evidence) {
        let mut activities: Vec<&ActivityId> = content.activities.iter().collect();
        activities.sort();
        let activities = list::join(activities.iter().map(|id| id.0.as_str()));
        let teams = list::join(teams.iter().copied());
        let texts: [(u16, &str); 6] = [
            (0, &content.title),
            (1, &content.link),
            (2, &content.text),
            (5, &content.reviewer),
            (6, &activities),
            (7, &teams),
        ];
        for (column, text) in texts {
            sheet.write_string_with_format(row, column, xlsx::guarded(text), &look.open)?;
        }
        write_day(sheet, row, 3, content.recorded_on, look)?;
        if let Some(day) = content.expires_on {
            write_day(sheet, row, 4, day, look)?;
        }
    }
    let last = last_row(template.evidence.len()) + EVIDENCE_ROWS;
    let activities = DataValidation::new()
        .allow_list_formula(Formula::new(format!("=Answers!$D$2:$D${}", last_row(template.questions.len()) + 1)))
        .set_error_style(DataValidationErrorStyle::Information)
        .set_input_message("Choose the activity, or write several with ; between them.")?
        .set_error_message("This is not one activity of the list. That is fine for several with ; between them.")?;
    sheet.add_data_validation(1, 6, last, 6, &activities)?;
    let teams = DataValidation::new()
        .allow_list_formula(Formula::new("=Answers!$I$2:$I$2"))
        .set_error_style(DataValidationErrorStyle::Information)
        .set_input_message("Your team, or several with ; between them.")?
        .set_error_message("This is another team. That is fine if you may assess it, too.")?;
    sheet.add_data_validation(1, 7, last, 7, &teams)?;
    let day = DataValidation::new().set_input_message("A day like 2026-11-27.")?;
    sheet.add_data_validation(1, 3, last, 4, &day)?;
    finish(sheet, last, 7)
}

fn write_day(sheet: &mut Worksheet, row: u32, column: u16, day: NaiveDate, look: &Look) -> Result<(), XlsxError> {
    let (month, of_month) = (u8::try_from(day.month()).unwrap_or(1), u8::try_from(day.day()).unwrap_or(1));
    let date = ExcelDateTime::from_ymd(u16::try_from(day.year()).unwrap_or(1900), month, of_month)?;
    sheet.write_datetime_with_format(row, column, &date, &look.day)?;
    Ok(())
}

/// The sentences that explain the workbook.
const EXPLANATION: [&str; 12] = [
    "Fill in the white cells of the sheet Answers. The grey ones say which activity a row is about; they are \
     protected, without a password, so that nothing is lost by mistake.",
    "status: choose how far the activity is. Leave it empty where nobody knows; that counts as unanswered.",
    "not_applicable_reason: needed where the status is Not applicable, and empty everywhere else. A yellow cell \
     shows where it is missing or stray.",
    "note: what others should know, up to 10,000 characters.",
    "inherited_from: the team whose answer this is. Delete it when the answer becomes your own.",
    "The sheet Evidence has one row for each piece: a title, a link or a text, the day on which it was true, the \
     first day on which it is not valid any more, and who looked at it.",
    "activity_ids: the activities that it shows something about, by their names or their ids. teams: whom it is \
     for. Write ; between several.",
    "Days are written like 2026-11-27, or as days of the spreadsheet.",
    "A row of evidence with the same title, link, teams and activities as one that is recorded changes that one. \
     A row that you delete here stays recorded.",
    "Save the file and choose it on the page Import, or run “cairn import FILE.xlsx”. You see what would change \
     before anything does.",
    "Nothing is imported while a cell is wrong: all wrong cells are listed with sheet, row and column.",
    "An assessment that is submitted does not change any more.",
];

fn how_to(sheet: &mut Worksheet, scale: &ProgressScale, look: &Look) -> Result<(), XlsxError> {
    sheet.set_name(HOW_TO)?;
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_column_width(0, 90.0)?;
    sheet.set_column_width(1, 14.0)?;
    sheet.write_string_with_format(0, 0, "How to fill in this workbook", &look.head)?;
    sheet.write_string_with_format(1, 0, "What can be answered", &look.head)?;
    sheet.write_string_with_format(1, 1, "What it counts", &look.head)?;
    let mut row = STEPS_ROW;
    for step in scale.steps() {
        sheet.write_string_with_format(row, 0, step.name.as_str(), &text)?;
        sheet.write_string(row, 1, format!("{} %", step.percent))?;
        row += 1;
    }
    for (name, worth) in [(NOT_APPLICABLE, "left out"), (UNANSWERED, "0 %")] {
        sheet.write_string_with_format(row, 0, name, &text)?;
        sheet.write_string(row, 1, worth)?;
        row += 1;
    }
    for sentence in EXPLANATION {
        row += 1;
        sheet.write_string_with_format(row, 0, sentence, &text)?;
    }
    sheet.protect();
    Ok(())
}

/// What both tables have: a head that stays in sight, a filter, and protection of what is not to be filled in.
fn finish(sheet: &mut Worksheet, last_row: u32, last_column: u16) -> Result<(), XlsxError> {
    sheet.set_freeze_panes(1, 0)?;
    sheet.autofilter(0, 0, last_row, last_column)?;
    sheet.set_landscape();
    sheet.set_repeat_rows(0, 0)?;
    let allowed = ProtectionOptions {
        format_columns: true,
        format_rows: true,
        use_autofilter: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
    Ok(())
}

/// The row of the last of some things below the head, from 0; at least the first.
fn last_row(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX).clamp(1, 1_000_000)
}
