package pdf_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/report"
	"tandem/report/pdf"
	"tandem/report/pdf/pdftest"
)

func day(text string) time.Time {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		panic(err)
	}
	return t
}

func money(text string) decimal.Decimal { return decimal.RequireFromString(text) }

func cell(currency string, orders int64, net, tax string, keys ...report.Key) report.Cell {
	n, t := money(net), money(tax)
	return report.Cell{Currency: currency, Keys: keys, Figures: report.Figures{
		Orders: orders, Units: decimal.NewFromInt(orders * 2), Goods: n, Net: n, Tax: t, Gross: n.Add(t), Average: n.Add(t).Div(decimal.NewFromInt(max(orders, 1))).Round(2),
	}, Taxes: []report.TaxSum{{Label: "TVA", Rate: money("20"), Amount: t}}}
}

// names are what products are called in different scripts.
var names = []string{"Mug, large", "كوب قهوة كبير 500 مل", "ספל קפה גדול", "日本茶碗 (tea bowl)", "Чашка «Зима»", "Κούπα", "Crème brûlée – 2 × ½", "Mug 🍵 عربي 12 end", "x\u0000y\nz", strings.Repeat("A very long name of a product ", 6)}

// document is what a shop sold in March.
func document(orders int) report.Document {
	key := func(value, label string) report.Key { return report.Key{Value: value, Label: label} }
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	total := cell("EUR", 1234, "1234567.89", "246913.58")
	total.Refunds, total.RefundNet, total.RefundTax, total.Discounts = money("120"), money("100"), money("20"), money("7.5")
	d := report.Document{
		Request: report.DocumentRequest{Zone: report.Zone{Instance: "shop", Location: paris}, From: day("2026-03-01"), To: day("2026-03-31"), Listed: orders > 0},
		Period:  report.Day,
		Total:   report.Sales{Cells: []report.Cell{total}},
		Periods: report.Sales{Dimensions: []report.Dimension{report.Day}},
	}
	for i := 1; i <= 31; i++ {
		at := time.Date(2026, 3, i, 0, 0, 0, 0, time.UTC)
		if i%6 != 0 {
			d.Periods.Periods = append(d.Periods.Periods, report.Period{Name: at.Format(time.DateOnly), From: at, To: at})
			d.Periods.Cells = append(d.Periods.Cells, cell("EUR", int64(i), fmt.Sprintf("%d.40", 1000+i*i*7), "210.10", key(at.Format(time.DateOnly), "")))
		}
	}
	for i, name := range names {
		d.Products.Cells = append(d.Products.Cells, cell("EUR", int64(90-i), "100.10", "20.02", key(fmt.Sprintf("shop/%d", 4000+i), name)))
	}
	for _, code := range []string{"FR", "DE", "CI", ""} {
		d.Countries.Cells = append(d.Countries.Cells, cell("EUR", 3, "100", "20", key(code, "")))
	}
	d.Gateways.Cells = []report.Cell{cell("EUR", 3, "100", "20", key("stripe", "")), cell("EUR", 3, "100", "20", key("", ""))}
	for i := range orders {
		d.Orders = append(d.Orders, report.Order{ID: int64(i), Kind: []string{"order", "order", "order", "refund"}[i%4], Number: fmt.Sprint("S-", 10000+i),
			At: time.Date(2026, 3, 1+i%31, 23, 30, 0, 0, time.UTC), Currency: "EUR", Status: "completed", Country: "FR", Gateway: "stripe",
			Units: decimal.NewFromInt(2), Net: money("1234.56"), Tax: money("246.91"), Gross: money("1481.47")})
	}
	return d
}

func logo(t testing.TB) []byte {
	t.Helper()
	img := image.NewNRGBA64(image.Rect(0, 0, 300, 100))
	for x := range 300 {
		for y := range 100 {
			img.Set(x, y, color.NRGBA64{uint16(x * 200), 0x5000, uint16(y * 600), 0xffff - uint16(x*100)})
		}
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, img))
	checked, err := report.CheckLogo(out.Bytes())
	require.NoError(t, err)
	return checked
}

// keep writes a file where somebody wants to look at it.
func keep(t testing.TB, name string, file []byte) {
	if folder := os.Getenv("TANDEM_KEEP_PDF"); folder != "" {
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+".pdf"), file, 0o644))
	}
}

func TestLayouts(t *testing.T) {
	for _, test := range []struct {
		name     string
		layout   report.Layout
		language string
		orders   int
		contains []string
	}{
		{"summary", report.Layout{Logo: logo(t)}, "fr_FR", 0, []string{"Rapport des ventes", "Ma boutique", "01/03/2026 – 31/03/2026", "Page 1 sur 2", "1\u00a0234\u00a0567,89", "Côte d’Ivoire"}},
		{"compact", report.Layout{Style: "compact", Page: "Letter", Font: "serif", Accent: "#ffd166", Ink: "#113311"}, "en_US", 0,
			[]string{"Sales report", "1 Mar 2026 – 31 Mar 2026", "Page 1 of 1", "1,234,567.89"}},
		{"table", report.Layout{Style: "table", Font: "mono", Language: "de-CH"}, "fr_FR", 120, []string{"Verkaufsbericht", "S-10000", "−1’481.47", "von "}},
		{"other language", report.Layout{}, "sv_SE", 0, []string{"Sales report", "1\u00a0234\u00a0567,89"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			file, err := pdf.Sales(document(test.orders), pdf.Title{Store: "Ma boutique", Language: test.language}, test.layout)
			require.NoError(t, err)
			keep(t, test.name, file)
			all := strings.Join(pdftest.Text(t, file), "\n")
			for _, text := range test.contains {
				require.True(t, strings.Contains(all, text), "%q is missing", text)
			}
			again, err := pdf.Sales(document(test.orders), pdf.Title{Store: "Ma boutique", Language: test.language}, test.layout)
			require.NoError(t, err)
			require.True(t, bytes.Equal(file, again), "the same figures are the same bytes")
		})
	}
}

func TestHeadsAreRepeatedAndPagesCounted(t *testing.T) {
	file, err := pdf.Sales(document(200), pdf.Title{Store: "Shop", Language: "en"}, report.Layout{Style: "table"})
	require.NoError(t, err)
	pages := pdftest.Text(t, file)
	require.Greater(t, len(pages), 3)
	for i, text := range pages {
		require.True(t, strings.Contains(text, "Number"), "page %d has heads", i+1)
		require.True(t, strings.Contains(text, fmt.Sprintf("Page %d of %d", i+1, len(pages))), "page %d is counted", i+1)
	}
	require.Equal(t, 200, strings.Count(strings.Join(pages, ""), "S-1"))
}

func TestNothingSold(t *testing.T) {
	d := report.Document{Request: report.DocumentRequest{From: day("2026-03-01"), To: day("2026-03-01")}, Period: report.Day}
	file, err := pdf.Sales(d, pdf.Title{Store: "Shop", Language: "nl_NL"}, report.Layout{})
	require.NoError(t, err)
	require.Contains(t, pdftest.Text(t, file)[0], "In deze periode is niets verkocht.")
	require.Contains(t, pdftest.Text(t, file)[0], "01-03-2026")
}

func TestWhatALayoutCannotBe(t *testing.T) {
	for field, layout := range map[string]report.Layout{
		"style": {Style: "poster"}, "font": {Font: "comic"}, "page": {Page: "A3"}, "accent": {Accent: "red"}, "ink": {Ink: "#12"}, "language": {Language: "klingonish-long"},
	} {
		_, err := layout.Complete()
		require.Equal(t, fault.Invalid, fault.KindOf(err), field)
		require.ErrorContains(t, err, field)
	}
	_, err := report.CheckLogo([]byte("GIF89a"))
	require.ErrorContains(t, err, "logo")
	_, err = report.CheckLogo(bytes.Repeat([]byte{1}, report.MaxLogoBytes+1))
	require.ErrorContains(t, err, "256")
}

// BenchmarkTenThousandOrders prints each of ten thousand orders.
func BenchmarkTenThousandOrders(b *testing.B) {
	d := document(10_000)
	b.ReportAllocs()
	for b.Loop() {
		file, err := pdf.Sales(d, pdf.Title{Store: "Shop", Language: "en"}, report.Layout{Style: "table"})
		require.NoError(b, err)
		require.NotEmpty(b, file)
	}
	var rusage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &rusage))
	b.ReportMetric(float64(rusage.Maxrss)/1024, "MiB-peak")
}
