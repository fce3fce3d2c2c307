//! Money that was sent: the rows of `ZWAZ1PAYMENTTRANSACTION`, by the identifier of their message.

use foldhash::HashMap;
use rusqlite::Connection;

use super::columns::PaymentColumn;
use crate::database::{Schema, each_of_table};

/// Sums by the identifier of the message: `12.50 EUR`.
pub(super) type Payments = HashMap<String, String>;

/// Reads all of them. What cannot be read is left out: the message itself is there.
pub(super) fn read(connection: &Connection, schema: &Schema) -> Payments {
    let mut payments = Payments::default();
    let _ = each_of_table::<PaymentColumn>(connection, schema, "ZWAZ1PAYMENTTRANSACTION", &mut |_, row| {
        let (Some(stanza), Some(amount)) = (row.name(PaymentColumn::Stanza), row.integer(PaymentColumn::Amount)) else {
            return;
        };
        let currency = row.name(PaymentColumn::Currency).unwrap_or_default();
        payments.insert(stanza, words(amount, &currency));
    });
    payments
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
