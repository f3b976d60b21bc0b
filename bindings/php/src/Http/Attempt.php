<?php

declare(strict_types=1);

namespace Testpress\Http;

use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;
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
     */
    private function __construct(
        public readonly RequestInterface $request,
        private readonly ?Session $session = null,
        private readonly ?Token $token = null,
        private readonly int $beginning = 0,
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
        return new self(Authorization::of($request, $token), $credentials, $token, $beginning);
    }

    /** Whether it has a token that can be replaced. */
    public function isRenewable(): bool
    {
        return $this->session !== null;
    }

    /** The request to send next, with a new token; null when the response is the caller's. */
    public function after(ResponseInterface $response): ?RequestInterface
    {
        if ($this->session === null || $response->getStatusCode() !== self::UNAUTHORIZED) {
            return null;
        }
        try {
            $this->session->reject($this->token);
            if (!$this->rewind()) {
                return null;
            }
            $next = Authorization::of($this->request, $this->session->token());
        } catch (TestpressException) {
            // There is an answer, and it says what is wrong.
            return null;
        }
        $response->getBody()->close();
        return $next;
    }

    /** Whether the body can be sent again: not if it is a stream that can't seek. */
    private function rewind(): bool
    {
        $body = $this->request->getBody();
        try {
            if ($body->getSize() !== 0) {
                $body->seek($this->beginning);
            }
        } catch (\RuntimeException) {
            return false;
        }
        return true;
    }
}
