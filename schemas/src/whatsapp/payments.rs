//! Money that was sent: the rows of `ZWAZ1PAYMENTTRANSACTION`, by the identifier of their message.

use foldhash::HashMap;
use rusqlite::Connection;

use super::columns::PaymentColumn;
use crate::database::{Schema, each_of_table};
use crate::skipped::Skipped;

/// Sums by the identifier of the message: `12.50 EUR`.
#[derive(Default)]
pub(super) struct Payments {
    sums: HashMap<String, String>,
    /// Why not all of them could be read.
    pub(super) damage: Option<Skipped>,
}

impl Payments {
    /// Reads all of them.
    pub(super) fn read(connection: &Connection, schema: &Schema) -> Self {
        let mut sums = HashMap::default();
        let read = each_of_table::<PaymentColumn>(connection, schema, "ZWAZ1PAYMENTTRANSACTION", &mut |_, row| {
            let (stanza, amount) = (row.name(PaymentColumn::Stanza), row.integer(PaymentColumn::Amount));
            let currency = row.name(PaymentColumn::Currency).unwrap_or_default();
            sums.extend(stanza.zip(amount.map(|amount| words(amount, &currency))));
        });
        Self { sums, damage: read.err().map(|error| Skipped::part("how much money some messages sent", error)) }
    }

    /// What was sent with a message.
    pub(super) fn sum(&self, stanza: &str) -> Option<&str> {
        self.sums.get(stanza).map(String::as_str)
    }
}

/// A sum that is stored in thousandths.
fn words(amount: i64, currency: &str) -> String {
    let (whole, rest) = (amount.unsigned_abs() / 1000, amount.unsigned_abs() % 1000);
    let sign = if amount < 0 { "-" } else { "" };
    let rest = if rest % 10 == 0 { format!("{:02}", rest / 10) } else { format!("{rest:03}") };
    format!("{sign}{whole}.{rest} {currency}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_told_as_people_write_them() {
        assert_eq!(words(12_500, "EUR"), "12.50 EUR");
        assert_eq!(words(-1, ""), "-0.001");
    }
}
