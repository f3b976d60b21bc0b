<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
use Testpress\InvalidArgumentException;
use Testpress\Session;
use Testpress\TestpressException;
use Testpress\Token;

/**
 * A request as it is sent first, and what a 401 makes of it.
 *
 * @internal
 */
final class Attempt
{
    private const UNAUTHORIZED = 401;

    /**
     * @param RequestInterface $request with its header
     * @param ?Session $session whose token it has; null when no other token can be had
     * @param int $beginning where the body begins
     * @param bool $isLast whether no other request is to follow
     */
    private function __construct(
        public readonly RequestInterface $request,
        private readonly ?Session $session = null,
        private readonly ?Token $token = null,
        private readonly int $beginning = 0,
        private readonly bool $isLast = true,
    ) {
    }

    /**
     * Only a request to the session's origin asks the session for a token.
     *
     * @throws TestpressException when the session has none
     */
    public static function of(RequestInterface $request, Token|Session $credentials): self
    {
        if ($credentials instanceof Token) {
            return new self(Authorization::of($request, $credentials));
        }
        if (!Origin::same($request->getUri(), $credentials->origin())) {
            return new self(Authorization::without($request, $credentials->gave(...)));
        }
        $token = $credentials->token();
        $body = $request->getBody();
        $beginning = $body->isSeekable() ? $body->tell() : 0;
        return new self(Authorization::of($request, $token), $credentials, $token, $beginning, false);
    }

    /** Whether it has a token that can be replaced. */
    public function isRenewable(): bool
    {
        return $this->session !== null;
    }

    /** The same, but that its response is the caller's in any case. */
    public function asLast(): self
    {
        return new self($this->request, $this->session, $this->token);
    }

    /**
     * What to send next; null when the response is the caller's.
     *
     * @throws TestpressException when the session has no token for it
     */
    public function after(ResponseInterface $response): ?self
    {
        if ($this->session === null || $response->getStatusCode() !== self::UNAUTHORIZED) {
            return null;
        }
        // Also the last time: so the session notices a server that accepts no token.
        $this->tell($this->session, $this->token);
        if ($this->isLast || !$this->rewind()) {
            return null;
        }
        // Before the login, which may fail.
        $response->getBody()->close();
        $token = $this->session->token();
        return new self(Authorization::of($this->request, $token), $this->session, $token);
    }

    private function tell(Session $session, Token $token): void
    {
        try {
            $session->reject($token);
        } catch (InvalidArgumentException) {
            // It was closed meanwhile, and the response is still the caller's.
            return;
        }
    }

    /** Whether the body can be sent again: not if it is a stream that can't seek, unless nothing was in it. */
    private function rewind(): bool
    {
        $body = $this->request->getBody();
        try {
            if (!$body->isSeekable()) {
                // The size of a pipe is 0, too, but it tells how much was read.
                return $body->getSize() === 0 && $body->tell() === 0;
            }
            $body->seek($this->beginning);
        } catch (\RuntimeException) {
            return false;
        }
        return true;
    }
}
