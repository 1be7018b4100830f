package budget

import (
	"strings"
	"time"
)

// trend watches how long one kind of request takes to answer. Kinds differ by a factor of a hundred, so each has its own.
type trend struct {
	samples    int
	usual, now float64 // seconds, moving averages with a long and a short memory
}

const (
	longMemory  = 0.02
	shortMemory = 0.3
	warmUp      = 20  // answers before the usual time means anything
	muchSlower  = 3.0 // times the usual
	noticeable  = 0.3 // seconds; below this a server is not in trouble whatever the factor
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

// kindOf replaces the numbers in a path, so that /orders/1 and /orders/2 are of one kind.
func kindOf(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if part != "" && strings.Trim(part, "0123456789") == "" {
			parts[i] = "#"
		}
	}
	return strings.Join(parts, "/")
}

// throughputWindow is over how long answers are counted.
const throughputWindow = 2 * time.Second

// throughput counts the answers of the window under way and of the one before it.
type throughput struct {
	began         time.Time
	count, former int // in this window, in the one before
}

// add counts an answer.
func (t *throughput) add(now time.Time) {
	t.roll(now)
	t.count++
}

// perSecond is the rate of answers over the last window; windows overlap.
func (t *throughput) perSecond(now time.Time) float64 {
	t.roll(now)
	past := now.Sub(t.began).Seconds() / throughputWindow.Seconds()
	return (float64(t.count) + float64(t.former)*(1-past)) / throughputWindow.Seconds()
}

// roll begins another window when the one under way is over.
func (t *throughput) roll(now time.Time) {
	switch past := now.Sub(t.began); {
	case past < throughputWindow:
	case past < 2*throughputWindow:
		t.began, t.former, t.count = t.began.Add(throughputWindow), t.count, 0
	default:
		t.began, t.former, t.count = now, 0, 0
	}
}
