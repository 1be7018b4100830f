package instance

import "regexp"

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)

// ValidID reports whether id may name an instance or a sale workflow: 1 to 32 of a–z, 0–9 and "-", not beginning with
// "-". It becomes a part of external keys and of workflow ids, where a slash or a capital would make it ambiguous.
func ValidID(id string) bool { return idPattern.MatchString(id) }
