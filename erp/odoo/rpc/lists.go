package rpc

// Chunks calls do with at most size of the list at a time.
func Chunks[T any](list []T, size int, do func([]T) error) error {
	for len(list) > 0 {
		n := min(size, len(list))
		if err := do(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// Distinct drops what a list holds a second time.
func Distinct[T comparable](list []T) []T {
	seen := make(map[T]bool, len(list))
	rest := make([]T, 0, len(list))
	for _, v := range list {
		if !seen[v] {
			seen[v] = true
			rest = append(rest, v)
		}
	}
	return rest
}

// Map returns what a function makes of each of a list, such as the ids of records.
func Map[A, B any](list []A, f func(A) B) []B {
	result := make([]B, len(list))
	for i, v := range list {
		result[i] = f(v)
	}
	return result
}
