//! How the lists of pages are sorted: by links in the heads of their columns, so that the order stands in the address.

use maud::{Markup, html};

use super::layout::with_parameter;
use crate::domain::listing::{Column, Order, Sorting};
use crate::domain::named::Named;

/// A list that can be sorted.
pub(super) struct SortedList<'a, C> {
    /// The address of the page with all that narrows the list down, but not with how it is sorted.
    pub(super) narrowed: String,
    /// The part of the page where the list is, like `#teams`; empty: the page is shown from its top.
    pub(super) part: &'static str,
    /// How it is sorted.
    pub(super) sorting: &'a Sorting<C>,
}

/// What stands in a column.
#[derive(Clone, Copy)]
pub(super) enum Holds {
    /// Texts.
    Texts,
    /// Figures.
    Figures,
    /// Figures under a long name.
    FiguresUnderLongName,
}

impl<C: Column> SortedList<'_, C> {
    /// The address of the list as it is.
    pub(super) fn address(&self) -> String {
        let by = self.sorting.by.as_ref().map(|by| ("sort", by.word()));
        let order = self.sorting.order.map(|order| ("order", order.name()));
        let all = by.into_iter().chain(order);
        all.fold(self.narrowed.clone(), |address, (name, value)| with_parameter(&address, name, value)) + self.part
    }

    /// The address of one of its parts.
    pub(super) fn part(&self, number: usize) -> String {
        let bare = SortedList { narrowed: self.narrowed.clone(), part: "", sorting: self.sorting };
        with_parameter(&bare.address(), "page", &number.to_string()) + self.part
    }

    /// The head of a column, which sorts by it: in the usual order first, then in the other.
    pub(super) fn head(&self, name: &str, column: &C, holds: Holds) -> Markup {
        let (by, order) = self.sorting.chosen();
        let current = (by == *column).then_some(order);
        let next = current.map_or_else(|| column.usual_order(), Order::reversed);
        let wanted = Sorting { by: Some(column.clone()), order: Some(next) };
        let sorted = SortedList { narrowed: self.narrowed.clone(), part: self.part, sorting: &wanted };
        let is_figures = matches!(holds, Holds::Figures | Holds::FiguresUnderLongName);
        let is_long = matches!(holds, Holds::FiguresUnderLongName);
        html! {
            th.sortable.num[is_figures].wrap[is_long] scope="col" aria-sort=[current.map(Order::name)] { a href=(sorted.address()) { (name) } }
        }
    }
}

/// Chooses the order as a part of a form: narrow screens have no heads of columns.
pub(super) fn order_choice<'a, C: Column + 'a>(
    sorting: &Sorting<C>,
    columns: impl IntoIterator<Item = (&'a str, C)>,
) -> Markup {
    let (by, order) = sorting.chosen();
    html! {
        label.narrow-only {
            span { "Sort by" }
            select name="sort" {
                @for (name, column) in columns { option value=(column.word()) selected[column == by] { (name) } }
            }
        }
        label.narrow-only {
            span { "Order" }
            select name="order" {
                @for (word, way) in Order::NAMED { option selected[*way == order] { (word) } }
            }
        }
    }
}
