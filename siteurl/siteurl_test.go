package siteurl_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/siteurl"
)

func TestOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"https://shop.example.com/sub":     "https://shop.example.com",
		"https://Shop.example.com:443/sub": "https://shop.example.com",
		"http://shop.example.com:80":       "http://shop.example.com",
		"https://shop.example.com:8443":    "https://shop.example.com:8443",
		"http://%zz":                       "http://%zz",
	} {
		require.Equal(t, want, siteurl.Origin(address))
	}
}
