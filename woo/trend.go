package woo

import (
	"strings"
	"time"
)

// trend watches how long one resource takes to answer. Resources differ by a factor of a hundred, so each has its own.
type trend struct {
	samples    int
	usual, now float64 // seconds, moving averages with a long and a short memory
}

const (
	longMemory  = 0.02
	shortMemory = 0.3
	warmUp      = 20  // answers before the usual time means anything
	muchSlower  = 3.0 // times the usual
	noticeable  = 0.3 // seconds; below this a store is not in trouble whatever the factor
)

// slower takes in one answer and reports whether answers now take much longer than usual. What lasts becomes usual.
func (t *trend) slower(took time.Duration) bool {
	seconds := took.Seconds()
	if t.samples == 0 {
		t.usual, t.now = seconds, seconds
	}
	t.samples++
	t.usual += longMemory * (seconds - t.usual)
	t.now += shortMemory * (seconds - t.now)
	return t.samples > warmUp && t.now > noticeable && t.now > muchSlower*t.usual
}

// resourceOf replaces the numbers in a path, so that /orders/1 and /orders/2 are one resource.
func resourceOf(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part != "" && strings.Trim(part, "0123456789") == "" {
			parts[i] = "#"
		}
	}
	return strings.Join(parts, "/")
}
