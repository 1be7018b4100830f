package ledger

import (
	"fmt"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
)

const (
	receivableAccount = iota + 1
	incomeAccount
	differenceAccount
	taxAccount
	reducedTaxAccount
	bankAccount
	creditAccount
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func TestInvoicePostings(t *testing.T) {
	tests := map[string]struct {
		total, rounding string
		credit          string
		taxes           []draftTax
		want            []string // account, debit, credit
	}{
		"one rate": {
			total: "120", taxes: []draftTax{{Tax: 1, Account: taxAccount, Amount: dec("20")}},
			want: []string{"1 120 0", "2 0 100", "4 0 20"},
		},
		"two rates on their own accounts": {
			total: "151.44",
			taxes: []draftTax{{1, taxAccount, dec("24.69")}, {2, reducedTaxAccount, dec("0.17")}},
			want:  []string{"1 151.44 0", "2 0 126.58", "4 0 24.69", "5 0 0.17"},
		},
		"rounding in favour of the store":  {total: "10.01", rounding: "0.01", want: []string{"1 10.01 0", "2 0 10", "3 0 0.01"}},
		"rounding in favour of the buyer":  {total: "9.99", rounding: "-0.01", want: []string{"1 9.99 0", "2 0 10", "3 0.01 0"}},
		"a negative fee with negative tax": {total: "-12", taxes: []draftTax{{1, taxAccount, dec("-2")}}, want: []string{"1 0 12", "2 10 0", "4 2 0"}},
		"a part paid by gift card": {
			total: "100", credit: "-20", taxes: []draftTax{{Tax: 1, Account: taxAccount, Amount: dec("20")}},
			want: []string{"1 100 0", "2 0 100", "4 0 20", "7 20 0"},
		},
		"all of it paid by gift card": {total: "0", credit: "-30", want: []string{"2 0 30", "7 30 0"}},
		"nothing to pay":              {total: "0"},
		"discounted to nothing but tax": {
			total: "0", taxes: []draftTax{{1, taxAccount, dec("0.01")}},
			want: []string{"2 0.01 0", "4 0 0.01"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			draft := invoiceDraft{Total: dec(tt.total), Taxes: tt.taxes,
				Receivable: receivableAccount, Income: incomeAccount, Difference: differenceAccount, Credits: creditAccount}
			if tt.credit != "" {
				draft.Credit = dec(tt.credit)
			}
			if tt.rounding != "" {
				draft.Rounding = dec(tt.rounding)
			}
			rows := draft.postings()
			require.Equal(t, tt.want, show(rows))
			requireBalanced(t, rows)
		})
	}
}

func TestInvoicePostingsNameTheTax(t *testing.T) {
	rows := invoiceDraft{Total: dec("6"), Taxes: []draftTax{{7, taxAccount, dec("1")}, {8, taxAccount, dec("2")}}}.postings()
	require.Nil(t, rows[0].Tax)
	require.Equal(t, int64(7), *rows[2].Tax)
	require.Equal(t, int64(8), *rows[3].Tax)
}

func TestPaymentPostings(t *testing.T) {
	tests := map[string][]string{
		"151.44": {"6 151.44 0", "1 0 151.44"},
		"-5":     {"6 0 5", "1 5 0"},
		"0":      nil,
	}
	for amount, want := range tests {
		t.Run(amount, func(t *testing.T) {
			rows := paymentPostings(bankAccount, receivableAccount, dec(amount))
			require.Equal(t, want, show(rows))
			requireBalanced(t, rows)
		})
	}
}

func show(rows []posting) []string {
	var lines []string
	for _, row := range rows {
		lines = append(lines, fmt.Sprint(row.Account, row.Debit, row.Credit))
	}
	return lines
}

func requireBalanced(t *testing.T, rows []posting) {
	t.Helper()
	var balance decimal.Decimal
	for _, row := range rows {
		balance = balance.Add(row.Debit).Sub(row.Credit)
	}
	require.Truef(t, balance.IsZero(), "debit exceeds credit by %s", balance)
}
