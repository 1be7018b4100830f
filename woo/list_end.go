package woo

import (
	"tandem/fault"
)

// How many pages in a row may bring nothing new before the list is given up: pages that show known records, and pages that
// show none at all though the store counts more. Records that enter the list behind the scan are allowed for besides.
const (
	maxRepeated = 5
	maxEmpty    = 50
)

// move is where a scan goes after a page.
type move int

const (
	onward move = iota // to the last record of the page
	stay               // the same place again, asked for in another way
	end                // everything was read
)

// judge decides where to go after a page. Nothing is at its end because the store says so alone: a full page may always be
// followed by another, and what the store counts must have been shown, or be proven not to be there.
func (sc *scanner[T]) judge(page listing[T], fresh bool) (move, error) {
	if sc.service.traits.whole {
		return end, nil
	}
	if sc.firstTotal < 0 {
		sc.firstTotal = page.Total
	}
	full, reached := len(page.ids) >= min(page.size, sc.size), page.start+len(page.ids)
	switch {
	case fresh && !full && page.Total >= 0 && reached >= page.Total:
		return end, nil
	case fresh:
		sc.idle = 0
		return onward, nil
	case !full && len(page.ids) <= 1 && (page.Total < 0 || reached >= page.Total):
		return end, nil
	case len(page.ids) <= 1:
		return sc.emptyPage()
	case !full && page.Total >= 0 && reached >= page.Total && sc.idle > 0:
		return end, nil
	default:
		return sc.repeatedPage(page)
	}
}

// emptyPage is for a page without records though the store counts more: they are hidden from the key's user, or not there. The end of
// the list, asked for from its other side, says which.
func (sc *scanner[T]) emptyPage() (move, error) {
	last, err := sc.lastOfList()
	if err != nil {
		return onward, err
	}
	if last > 0 && last <= sc.at.LastID || last == 0 && sc.at == (Cursor{}) {
		return end, nil
	}
	if sc.idle++; sc.idle > maxEmpty {
		return onward, fault.New(fault.Unsupported, "the store counts more %s than it shows: after %s, %d pages in a row are empty. "+
			"Let the key's user see all of them, or look for a plugin that filters the list", sc.service.path, sc.at.LastID, sc.idle)
	}
	return onward, nil
}

// lastOfList gives the greatest id on the last page of the list; 0 when all of that page is hidden.
func (sc *scanner[T]) lastOfList() (ID, error) {
	options := sc.ahead.options
	options.Offset, options.Page, options.PerPage, options.Order, options.Fields = 0, 0, sc.size, "desc", []string{"id"}
	page, err := sc.service.list(sc.ahead.parent, options)
	switch {
	case err != nil:
		return 0, err
	case len(page.ids) == 0:
		return 0, nil
	case page.ids[0] < page.ids[len(page.ids)-1]:
		return 0, sc.repeats() // it is not even sorted as asked
	}
	return page.ids[0], nil
}

// repeatedPage is for a page of known records only. Many records may have entered the list behind the scan; or the store answers
// with the same page whatever is asked for. Some that ignore offset honour page.
func (sc *scanner[T]) repeatedPage(page listing[T]) (move, error) {
	grown := max(0, page.Total-sc.firstTotal) / max(1, sc.size-1)
	switch sc.idle++; {
	case sc.idle == 1 && !sc.ahead.byNumber:
		sc.ahead.number(true)
		return stay, nil
	case sc.idle == 2 && sc.ahead.byNumber:
		sc.ahead.number(false) // that did not help either
		return stay, nil
	case sc.idle > maxRepeated+grown:
		return onward, sc.repeats()
	}
	return onward, nil
}

func (sc *scanner[T]) repeats() error {
	return fault.New(fault.Unsupported, "the store repeats pages of %s: after %s it shows nothing new, though there is more. A cache in "+
		"front of it ignores what is asked for: exclude /wp-json/ from it", sc.service.path, sc.at.LastID)
}
