<?php

declare(strict_types=1);

namespace Testpress;

/** There was no answer: the group of failures between here and the server. */
class NetworkException extends TestpressException
{
}
