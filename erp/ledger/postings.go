package ledger

import (
	"github.com/shopspring/decimal"
)

// posting is one row of a journal entry. Exactly one of Debit and Credit is positive, the other is zero.
type posting struct {
	Account int64           `json:"account" db:"account"`
	Tax     *int64          `json:"tax" db:"tax"` // the tax the amount is of
	Debit   decimal.Decimal `json:"debit" db:"debit"`
	Credit  decimal.Decimal `json:"credit" db:"credit"`
}

// invoiceDraft is what the postings of an order's invoice are made from.
type invoiceDraft struct {
	Total      decimal.Decimal
	Rounding   decimal.Decimal // the sum of the rounding lines
	Credit     decimal.Decimal // the sum of the credit lines, negative: what was paid by credit is not received any more
	Taxes      []draftTax
	Receivable int64
	Income     int64
	Difference int64 // the account rounding goes to
	Credits    int64 // the account on which gift cards and store credit are owed
}

// draftTax is the tax of one rate and the account it is owed on.
type draftTax struct {
	Tax     int64
	Account int64
	Amount  decimal.Decimal
}

// postings gives the rows of the invoice's entry. Income is what remains of the total after tax, rounding and credit, so the
// entry balances to the last digit even where the store's unrounded lines do not add up to it.
func (d invoiceDraft) postings() []posting {
	var rows []posting
	income := d.Total.Sub(d.Rounding).Sub(d.Credit)
	for _, tax := range d.Taxes {
		income = income.Sub(tax.Amount)
	}
	rows = appendDebit(rows, d.Receivable, d.Total)
	rows = appendCredit(rows, d.Income, nil, income)
	for _, tax := range d.Taxes {
		rows = appendCredit(rows, tax.Account, &tax.Tax, tax.Amount)
	}
	rows = appendCredit(rows, d.Credits, nil, d.Credit)
	return appendCredit(rows, d.Difference, nil, d.Rounding)
}

// paymentPostings gives the rows of a payment received on the journal's account; a negative amount is paid out.
func paymentPostings(journal, receivable int64, amount decimal.Decimal) []posting {
	return appendCredit(appendDebit(nil, journal, amount), receivable, nil, amount)
}

func appendDebit(rows []posting, account int64, amount decimal.Decimal) []posting {
	return appendCredit(rows, account, nil, amount.Neg())
}

// appendCredit adds a row; a negative amount is a debit, and an amount of nothing is no row.
func appendCredit(rows []posting, account int64, tax *int64, amount decimal.Decimal) []posting {
	switch amount.Sign() {
	case 1:
		return append(rows, posting{Account: account, Tax: tax, Credit: amount})
	case -1:
		return append(rows, posting{Account: account, Tax: tax, Debit: amount.Neg()})
	default:
		return rows
	}
}
