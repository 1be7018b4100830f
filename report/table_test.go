package report_test

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"tandem/report"
)

// someSales are two cells and their total, with names that spreadsheets would take for formulas.
func someSales() report.Sales {
	d := decimal.RequireFromString
	return report.Sales{Dimensions: []report.Dimension{report.Product}, Cells: []report.Cell{
		{Currency: "EUR", Keys: []report.Key{{Value: "demo/1", Label: "=HYPERLINK(\"x\")"}},
			Figures: report.Figures{Orders: 2, Units: d("3"), Goods: d("10.5"), Net: d("10.5"), Tax: d("2.1"), Gross: d("12.6"), Average: d("6.3"), Fees: d("-2.5")},
			Taxes:   []report.TaxSum{{Label: "VAT", Rate: d("20"), Amount: d("2.1")}}},
		{Currency: "EUR", Keys: []report.Key{{Value: "demo/2", Label: "Ωmega, \"quoted\""}},
			Figures: report.Figures{Refunds: d("5")}, RefundTaxes: []report.TaxSum{{Label: "@tax", Rate: d("5.5"), Amount: d("0.5")}}},
		{Currency: "EUR", Keys: []report.Key{{All: true}}, Figures: report.Figures{Orders: 2}},
	}}
}

func TestCSVHoldsNoFormulas(t *testing.T) {
	var file strings.Builder
	require.NoError(t, someSales().Table().WriteCSV(&file))
	rows, err := csv.NewReader(strings.NewReader(file.String())).ReadAll()
	require.NoError(t, err)
	require.Equal(t, [][]string{
		{"currency", "product", "product_name", "orders", "units", "goods", "shipping", "fees", "net", "discounts", "tax", "tax 20 % VAT", "gross",
			"credit", "average", "refunds", "refund_units", "refund_net", "refund_tax", "refund_tax 5.5 % @tax"},
		{"EUR", "demo/1", "'=HYPERLINK(\"x\")", "2", "3", "10.5", "0", "-2.5", "10.5", "0", "2.1", "2.1", "12.6", "0", "6.3", "0", "0", "0", "0", "0"},
		{"EUR", "demo/2", "Ωmega, \"quoted\"", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "", "5", "0", "0", "0", "0.5"},
	}, rows)
	for _, text := range []string{"=1", "+1", "-1", "@x", "\tx", "\rx"} {
		sales := someSales()
		sales.Cells[0].Keys[0].Label = text
		var file strings.Builder
		require.NoError(t, sales.Table().WriteCSV(&file))
		require.Contains(t, file.String(), "'"+text)
	}
}

// A workbook has numbers as numbers, and names as texts whatever they look like.
func TestWorkbook(t *testing.T) {
	var first, again bytes.Buffer
	require.NoError(t, someSales().Table().WriteXLSX(&first))
	require.NoError(t, someSales().Table().WriteXLSX(&again))
	file, err := excelize.OpenReader(bytes.NewReader(first.Bytes()))
	require.NoError(t, err)
	defer file.Close()
	rows, err := file.GetRows("Sales")
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, []string{"EUR", "demo/1", "=HYPERLINK(\"x\")", "2", "3", "10.5", "0", "-2.5"}, rows[1][:8])
	formula, err := file.GetCellFormula("Sales", "C2")
	require.NoError(t, err)
	require.Empty(t, formula)
	for cell, kind := range map[string]excelize.CellType{"C2": excelize.CellTypeInlineString, "F2": excelize.CellTypeUnset, "H2": excelize.CellTypeUnset} {
		got, err := file.GetCellType("Sales", cell)
		require.NoError(t, err)
		require.Equal(t, kind, got, cell)
	}
	reread, err := excelize.OpenReader(bytes.NewReader(again.Bytes()))
	require.NoError(t, err)
	defer reread.Close()
	same, err := reread.GetRows("Sales")
	require.NoError(t, err)
	require.Equal(t, rows, same)
}
