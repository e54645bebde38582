//! Columns of frames, cell by cell. One that holds the same value throughout, as an exchange's name or a fee's asset often
//! is, costs no more than that value, for as long as nothing asks polars for its cells: what goes over the rows of tables
//! with millions of them does so through these readers.

use std::borrow::Borrow;

use polars::prelude::*;
use polars_async::executor::ALLOW_RAYON_THREADS;

use crate::decimal::{PRECISION, SCALE};

/// The texts of a column.
#[derive(Clone, Copy)]
pub enum Texts<'a> {
    /// One throughout.
    Same(Option<&'a str>),
    /// One for each row.
    Each(&'a StringChunked),
}

impl<'a> Texts<'a> {
    /// Those of a column.
    ///
    /// # Errors
    /// When it is not of text.
    pub fn new(column: &'a Column) -> PolarsResult<Self> {
        match column.as_scalar_column() {
            Some(same) if same.dtype() == &DataType::String => Ok(Self::Same(same.scalar().value().get_str())),
            _ => column.str().map(Self::Each),
        }
    }

    /// The text of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        match self {
            Self::Same(text) => *text,
            Self::Each(all) => all.get(row),
        }
    }

    /// Whether no row has one.
    pub fn is_nothing(&self) -> bool {
        matches!(self, Self::Same(None))
    }
}

/// The numbers of a column.
#[derive(Clone, Copy)]
pub enum Numbers<'a, T: PolarsNumericType> {
    /// One throughout.
    Same(Option<T::Native>),
    /// One for each row.
    All(&'a [T::Native]),
    /// One for each row, or none.
    Each(&'a ChunkedArray<T>),
}

impl<'a, T: PolarsNumericType> Numbers<'a, T> {
    fn new(numbers: &'a ChunkedArray<T>) -> Self {
        numbers.cont_slice().map_or(Self::Each(numbers), Self::All)
    }

    /// The number of a row.
    #[inline]
    pub fn get(&self, row: usize) -> Option<T::Native> {
        match self {
            Self::Same(number) => *number,
            Self::All(all) => all.get(row).copied(),
            Self::Each(all) => all.get(row),
        }
    }
}

/// Times, in UTC microseconds.
pub type Times<'a> = Numbers<'a, Int64Type>;
/// Decimals, in counts of 10^-20.
pub type Decimals<'a> = Numbers<'a, Int128Type>;
/// Numbers of rows and sources.
pub type Counts<'a> = Numbers<'a, UInt32Type>;

/// The texts of a frame's column.
///
/// # Errors
/// When there is no such column of text, which would be a fault of this program; so with the others.
pub fn texts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<Texts<'a>> {
    Texts::new(frame.column(name)?)
}

/// The times of a column.
///
/// # Errors
/// As for [`texts`].
pub fn times<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<Times<'a>> {
    times_of(frame.column(name)?)
}

/// The same of a column at hand.
pub fn times_of(column: &Column) -> PolarsResult<Times<'_>> {
    match column.as_scalar_column().map(|same| same.scalar().value()) {
        Some(AnyValue::Int64(time)) => Ok(Numbers::Same(Some(*time))),
        Some(AnyValue::Null) => Ok(Numbers::Same(None)),
        _ => column.i64().map(Numbers::new),
    }
}

/// The decimals of a column.
///
/// # Errors
/// As for [`texts`].
pub fn decimals<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<Decimals<'a>> {
    decimals_of(frame.column(name)?)
}

/// The same of a column at hand.
pub fn decimals_of(column: &Column) -> PolarsResult<Decimals<'_>> {
    match column.as_scalar_column().map(|same| same.scalar().value()) {
        Some(AnyValue::Decimal(units, _, SCALE)) => Ok(Numbers::Same(Some(*units))),
        Some(AnyValue::Null) => Ok(Numbers::Same(None)),
        _ => Ok(Numbers::new(column.decimal()?.physical())),
    }
}

/// The numbers of rows or sources of a column.
///
/// # Errors
/// As for [`texts`].
pub fn counts<'a>(frame: &'a DataFrame, name: &str) -> PolarsResult<Counts<'a>> {
    let column = frame.column(name)?;
    match column.as_scalar_column().map(|same| same.scalar().value()) {
        Some(AnyValue::UInt32(number)) => Ok(Numbers::Same(Some(*number))),
        _ => column.u32().map(Numbers::new),
    }
}

/// While it lives, polars works on this thread alone. Over short tables its pool costs more, in handing over and waiting, than
/// it gains.
pub struct OnThisThread {
    before: bool,
}

impl OnThisThread {
    /// From now on, for tables of so many rows together, if these are few.
    pub fn over(rows: usize) -> Self {
        Self { before: ALLOW_RAYON_THREADS.replace(!is_short(rows)) }
    }
}

impl Drop for OnThisThread {
    fn drop(&mut self) {
        ALLOW_RAYON_THREADS.set(self.before);
    }
}

/// Whether tables of so many rows together are short: rules run side by side over them. Over longer ones each rule keeps all
/// threads busy by itself, and needs the memory alone.
pub fn is_short(rows: usize) -> bool {
    rows < 1_000_000
}

/// Does what polars does but once: it lays out 8 MB of zeroes, which takes as long as reading a small folder. Meant to be done
/// while one is read.
pub fn warm_up() {
    let _alone = OnThisThread::over(0);
    let number = |name: &str| Column::new(name.into(), [1i64, 2]);
    let Ok(frame) = DataFrame::new(2, vec![number("a"), number("b")]) else { return };
    let none = || col("a").gt(lit(9)).and(col("b").gt(lit(9)));
    let plan = frame.lazy().filter(none()).group_by([col("a")]).agg([col("b").sum()]);
    let _ = plan.with_column(when(none()).then(lit("a")).otherwise(lit("b")).alias("c")).collect();
}

/// What a column in the making keeps its cells in.
pub trait Store {
    /// What a cell holds.
    type Cell: ?Sized + PartialEq + ToOwned;
    /// An empty one.
    fn new(capacity: usize) -> Self;
    /// Adds a cell.
    fn push(&mut self, cell: Option<&Self::Cell>);
    /// All of them.
    fn finish(self) -> PolarsResult<Series>;
}

/// Texts.
pub struct TextStore(StringChunkedBuilder);
/// Numbers of one width.
pub struct NumberStore<T: PolarsNumericType>(PrimitiveChunkedBuilder<T>);
/// Decimals.
pub struct DecimalStore(PrimitiveChunkedBuilder<Int128Type>);

impl Store for TextStore {
    type Cell = str;
    fn new(capacity: usize) -> Self {
        Self(StringChunkedBuilder::new(PlSmallStr::EMPTY, capacity))
    }
    #[inline]
    fn push(&mut self, cell: Option<&str>) {
        self.0.append_option(cell);
    }
    fn finish(self) -> PolarsResult<Series> {
        Ok(self.0.finish().into_series())
    }
}

impl<T: PolarsNumericType> Store for NumberStore<T>
where
    ChunkedArray<T>: IntoSeries,
{
    type Cell = T::Native;
    fn new(capacity: usize) -> Self {
        Self(PrimitiveChunkedBuilder::new(PlSmallStr::EMPTY, capacity))
    }
    #[inline]
    fn push(&mut self, cell: Option<&T::Native>) {
        self.0.append_option(cell.copied());
    }
    fn finish(self) -> PolarsResult<Series> {
        Ok(self.0.finish().into_series())
    }
}

impl Store for DecimalStore {
    type Cell = i128;
    fn new(capacity: usize) -> Self {
        Self(PrimitiveChunkedBuilder::new(PlSmallStr::EMPTY, capacity))
    }
    #[inline]
    fn push(&mut self, cell: Option<&i128>) {
        self.0.append_option(cell.copied());
    }
    fn finish(self) -> PolarsResult<Series> {
        Ok(self.0.finish().into_decimal(PRECISION, SCALE)?.into_series())
    }
}

/// A column in the making: one value, until a second one comes.
pub struct Growing<S: Store> {
    length: usize,
    same: Option<<S::Cell as ToOwned>::Owned>,
    each: Option<S>,
}

/// A column of texts in the making.
pub type GrowingTexts = Growing<TextStore>;
/// A column of numbers in the making.
pub type GrowingNumbers<T> = Growing<NumberStore<T>>;
/// A column of decimals in the making.
pub type GrowingDecimals = Growing<DecimalStore>;

impl<S: Store> Default for Growing<S> {
    fn default() -> Self {
        Self { length: 0, same: None, each: None }
    }
}

impl<S: Store> Growing<S> {
    /// Adds a cell.
    #[inline]
    pub fn push(&mut self, cell: Option<&S::Cell>) {
        match &mut self.each {
            Some(each) => each.push(cell),
            None if self.length == 0 => self.same = cell.map(ToOwned::to_owned),
            None if self.same.as_ref().map(Borrow::borrow) == cell => {}
            None => {
                let mut each = S::new(self.length + 1);
                (0..self.length).for_each(|_| each.push(self.same.as_ref().map(Borrow::borrow)));
                each.push(cell);
                self.each = Some(each);
            }
        }
        self.length += 1;
    }

    /// The column.
    ///
    /// # Errors
    /// When polars refuses it, which would be a fault of this program.
    pub fn finish(self, name: &str) -> PolarsResult<Column> {
        let name = PlSmallStr::from(name);
        if let Some(each) = self.each {
            return Ok(each.finish()?.with_name(name).into_column());
        }
        let mut one = S::new(1);
        one.push(self.same.as_ref().map(Borrow::borrow));
        let one = one.finish()?;
        let value = one.get(0)?.into_static();
        Ok(Column::new_scalar(name, Scalar::new(one.dtype().clone(), value), self.length))
    }
}

/// A column from its texts.
///
/// # Errors
/// As for [`Growing::finish`].
pub fn text_column<'a>(name: &str, texts: impl Iterator<Item = Option<&'a str>>) -> PolarsResult<Column> {
    let mut column = GrowingTexts::default();
    texts.for_each(|text| column.push(text));
    column.finish(name)
}
