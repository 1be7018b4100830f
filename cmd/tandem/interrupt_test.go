package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
)

// interrupted runs a command, and ends its context as Ctrl-C does once the command has said what it watches.
func interrupted(t *testing.T, args ...string) (stderr string, code int) {
	t.Helper()
	return interruptedAt(t, "operation ", args...)
}

// interruptedAt runs a command, and ends its context as Ctrl-C does once the command has said a word.
func interruptedAt(t *testing.T, word string, args ...string) (stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	watched := &noticing{word: word, noticed: cancel}
	root := newRoot()
	root.SetOut(&bytes.Buffer{})
	root.SetErr(watched)
	root.SetArgs(args)
	code = execute(ctx, root)
	return watched.String(), code
}

// noticing keeps what is written, and calls noticed once it holds a word.
type noticing struct {
	mu      sync.Mutex
	text    bytes.Buffer
	word    string
	noticed func()
}

func (n *noticing) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text.Write(p)
	if strings.Contains(n.text.String(), n.word) {
		n.noticed()
	}
	return len(p), nil
}

func (n *noticing) String() string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.text.String()
}

// containsAll reports whether a text holds every one of some parts.
func containsAll(text string, parts ...string) bool {
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}
