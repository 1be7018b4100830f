// Package pdftest reads the text of printed reports, for tests.
package pdftest

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
)

// Text gives the text of each page, one string of the page a line: texts stand in the file as what is drawn, in UTF-16.
func Text(t testing.TB, file []byte) []string {
	t.Helper()
	var pages []string
	for _, stream := range regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`).FindAllSubmatch(file, -1) {
		unpacked, err := zlib.NewReader(bytes.NewReader(stream[1]))
		if err != nil {
			continue // not all is packed
		}
		content, err := io.ReadAll(unpacked)
		require.NoError(t, err)
		var page strings.Builder
		for _, drawn := range regexp.MustCompile(`(?s)Td \((.*?[^\\])\) Tj ET`).FindAllSubmatch(content, -1) {
			raw := regexp.MustCompile(`(?s)\\(.)`).ReplaceAllFunc(drawn[1], func(escaped []byte) []byte {
				if escaped[1] == 'r' {
					return []byte{'\r'}
				}
				return escaped[1:]
			})
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = binary.BigEndian.Uint16(raw[2*i:])
			}
			page.WriteString(string(utf16.Decode(units)) + "\n")
		}
		if page.Len() > 0 {
			pages = append(pages, page.String())
		}
	}
	return pages
}
