package pdf

import (
	"fmt"
	"strings"

	"tandem/report"
)

// Texts are what a mail says of a report, in its language.
type Texts struct {
	Report  string // what it is called
	Period  string // its days
	Figures string // lines
}

// TextsOf writes the most important figures of a report as text.
func TextsOf(d report.Document, title Title, l report.Layout) Texts {
	language := l.Language
	if language == "" {
		language = title.Language
	}
	s := &sheet{locale: newLocale(language)}
	p := salesPrinter{s, d}
	texts := Texts{Report: s.SalesReport, Period: s.days(d.Request)}
	if len(d.Total.Cells) == 0 {
		texts.Figures = s.Nothing
		return texts
	}
	var lines []string
	for _, c := range d.Total.Cells {
		lines = append(lines, c.Currency)
		for _, figure := range [][2]string{
			{s.Orders, s.count(c.Orders)}, {s.Net, p.money(c.Net, c.Currency)}, {s.Tax, p.money(c.Tax, c.Currency)}, {s.Gross, p.money(c.Gross, c.Currency)},
			{s.Refunds, p.money(c.Refunds, c.Currency)},
		} {
			lines = append(lines, fmt.Sprintf("%s: %s", figure[0], figure[1]))
		}
		lines = append(lines, "")
	}
	texts.Figures = strings.TrimSpace(strings.Join(lines, "\n"))
	return texts
}

// days writes the days that a report is of.
func (l locale) days(r report.DocumentRequest) string {
	if r.To.Equal(r.From) {
		return l.day(r.From)
	}
	return l.day(r.From) + " – " + l.day(r.To)
}
