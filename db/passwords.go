package db

import (
	"context"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/sync/semaphore"

	"tandem/fault"
)

// passwordHash are the parameters that OWASP recommends for argon2id. Hashes of other parameters stay valid, and are renewed
// when their user signs in.
var passwordHash = &argon2id.Params{Memory: 46 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// hashing bounds how many passwords are hashed at once in this process: each takes 46 MiB, and anybody can ask for it.
var hashing = semaphore.NewWeighted(2)

// A password's length, in characters. The upper limit bounds what hashing costs.
const (
	minPassword = 12
	maxPassword = 200
)

// hashPassword gives what is kept of a password. Invalid when it is too short or too long.
func hashPassword(ctx context.Context, password string) (string, error) {
	switch length := utf8.RuneCountInString(password); {
	case length < minPassword:
		return "", fault.Field("password", "must have at least %d characters", minPassword)
	case length > maxPassword:
		return "", fault.Field("password", "must have at most %d characters", maxPassword)
	}
	if err := hashing.Acquire(ctx, 1); err != nil {
		return "", fault.Wrap(fault.Unavailable, err, "too many people sign in at the moment: try again")
	}
	defer hashing.Release(1)
	hash, err := argon2id.CreateHash(password, passwordHash)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "hashing the password failed")
	}
	return hash, nil
}

// nobodysHash is compared with where there is no user, so that the time taken does not tell.
const nobodysHash = "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// comparePassword reports whether a hash is that of a password, and whether it has other parameters than new ones have.
func comparePassword(ctx context.Context, password, hash string) (match, outdated bool, err error) {
	if utf8.RuneCountInString(password) > maxPassword {
		return false, false, nil
	}
	if err := hashing.Acquire(ctx, 1); err != nil {
		return false, false, fault.Wrap(fault.Unavailable, err, "too many people sign in at the moment: try again")
	}
	defer hashing.Release(1)
	match, params, err := argon2id.CheckHash(password, hash)
	if err != nil {
		return false, false, fault.Wrap(fault.Internal, err, "the password cannot be checked")
	}
	return match, *params != *passwordHash, nil
}
