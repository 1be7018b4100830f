package process

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tandem/fault"
)

const (
	logLimit  = 16 << 20 // bytes after which a log becomes name.log.1 at the next start, so a folder never grows for ever
	tailBytes = 4 << 10  // how much of a log's end is looked at for an error text
	tailLines = 15       // how many lines of it are shown
)

// Log is where one child program writes. It is appended to across starts; start marks where this run begins, so an
// error never shows the lines of an earlier one.
type Log struct {
	file  *os.File
	start int64
}

// OpenLog opens a log, and makes its folder.
func OpenLog(path string) (*Log, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot make the folder %s", filepath.Dir(path))
	}
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, fault.Wrap(fault.Unavailable, err, "cannot rotate %s", path)
		}
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fault.Wrap(fault.Unavailable, err, "cannot open %s for writing", path)
	}
	start, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		file.Close()
		return nil, fault.Wrap(fault.Unavailable, err, "cannot read %s", path)
	}
	return &Log{file: file, start: start}, nil
}

// Path is where the log is.
func (l *Log) Path() string { return l.file.Name() }

// Write adds to the log what does not come from a program.
func (l *Log) Write(text []byte) (int, error) { return l.file.Write(text) }

// Close closes the log.
func (l *Log) Close() error { return l.file.Close() }

// Tail returns the last lines of this run, headed by where to find the rest. It reads by name, since the log is closed once
// its program has ended.
func (l *Log) Tail() string {
	file, err := os.Open(l.file.Name())
	if err != nil {
		return "log: " + l.file.Name()
	}
	defer file.Close()
	end, _ := file.Seek(0, io.SeekEnd) // an error leaves 0, and so nothing to show
	from := max(l.start, end-tailBytes)
	text := make([]byte, max(0, end-from))
	n, _ := file.ReadAt(text, from)
	return "log: " + l.file.Name() + LastLines(string(text[:n]))
}

// Text returns all that this run has written so far, nothing when that cannot be read.
func (l *Log) Text() []byte {
	info, err := l.file.Stat()
	if err != nil {
		return nil
	}
	text := make([]byte, max(0, info.Size()-l.start))
	n, _ := l.file.ReadAt(text, l.start)
	return text[:n]
}

// Note adds a line of this program's own to the log, among those of its child. It writes by name, as Tail reads. A log that
// cannot be written to does without.
func (l *Log) Note(line string) {
	file, err := os.OpenFile(l.Path(), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = fmt.Fprintf(file, "tandem: %s %s\n", time.Now().UTC().Format(time.RFC3339), line)
}

// LastLines cuts a program's output to what fits an error text.
func LastLines(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return indent(strings.Join(lines[max(0, len(lines)-tailLines):], "\n"))
}

// indent puts each line on a line of its own, set off from the message before it.
func indent(text string) string {
	if text == "" {
		return ""
	}
	return "\n  | " + strings.ReplaceAll(text, "\n", "\n  | ")
}
