//! Scalars of the schema.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;
use maillage_graph_schema::model;

/// A language, as a BCP 47 tag: `fr`, `en`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(pub model::Language);

/// A language, as a BCP 47 tag: `fr`, `en`, `pt-BR`.
#[Scalar(name = "Language", specified_by_url = "https://www.rfc-editor.org/info/bcp47")]
impl ScalarType for Language {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A moment in UTC, to the millisecond, as RFC 3339: `2026-11-24T02:26:03.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateTime(pub model::Instant);

/// A moment in UTC, to the millisecond, as RFC 3339: `2026-11-24T02:26:03.000Z`.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/info/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => text.parse().map(Self).map_err(InputValueError::custom),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// A day, as ISO 8601: `2018-07-04`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Date(pub NaiveDate);

/// A day, as ISO 8601: `2018-07-04`.
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/info/rfc3339")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        let date = text.parse::<model::PartialDate>().ok().filter(|date| date.precision() == model::DatePrecision::Day);
        date.map(|date| Self(date.first_day()))
            .ok_or_else(|| InputValueError::custom(format!("a day is {text:?}: expected YYYY-MM-DD")))
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// Any JSON value: what a field of a record held.
#[derive(Debug, Clone, PartialEq)]
pub struct Json(pub serde_json::Value);

/// Any JSON value: what a field of a record held.
#[Scalar(name = "JSON")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        value.into_json().map(Self).map_err(InputValueError::custom)
    }

    fn to_value(&self) -> Value {
        // Numbers, texts, lists and maps: all of JSON is a GraphQL value.
        Value::from_json(self.0.clone()).unwrap_or(Value::Null)
    }
}

/// A whole number of the domain as GraphQL has it, in 32 bits.
pub fn int(number: impl TryInto<i32>) -> async_graphql::Result<i32> {
    number.try_into().map_err(|_| super::error::broken("a number above 2,147,483,647"))
}
