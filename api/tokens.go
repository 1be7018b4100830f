package api

import (
	"context"
	"time"

	"tandem/api/gen"
	"tandem/db"
)

// ListTokens lists API tokens, without their secrets.
func (s *server) ListTokens(ctx context.Context, _ gen.ListTokensRequestObject) (gen.ListTokensResponseObject, error) {
	list, err := s.DB.Tokens(ctx)
	return gen.ListTokens200JSONResponse{Items: collect(list, token)}, err
}

// CreateToken makes a token and shows it, this once.
func (s *server) CreateToken(ctx context.Context, in gen.CreateTokenRequestObject) (gen.CreateTokenResponseObject, error) {
	ttl := time.Duration(in.Body.Days) * 24 * time.Hour
	plaintext, made, err := s.DB.CreateToken(ctx, in.Body.Name, string(in.Body.Scope), ttl)
	return gen.CreateToken201JSONResponse{Token: plaintext, Details: token(made)}, err
}

// RevokeToken ends a token at once.
func (s *server) RevokeToken(ctx context.Context, in gen.RevokeTokenRequestObject) (gen.RevokeTokenResponseObject, error) {
	return gen.RevokeToken204Response{}, s.DB.RevokeToken(ctx, in.Token)
}

func token(t db.APIToken) gen.Token {
	return gen.Token{
		ID: t.ID, Name: t.Name, Scope: gen.Scope(t.Scope), Prefix: t.Prefix, CreatedAt: t.CreatedAt,
		LastUsedAt: t.LastUsedAt, ExpiresAt: t.ExpiresAt, RevokedAt: t.RevokedAt,
	}
}
