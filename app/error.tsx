'use client';

import { Alert, Button, Container, Text } from '@mantine/core';

export default function ErrorPage({ error, reset }: { readonly error: Error; readonly reset: () => void }) {
  return (
    <Container size="sm" pt="xl">
      <Alert color="red" title="A bug stopped the page" role="alert">
        <Text size="sm" mb="sm">
          {error.message} Your file is kept in this browser and studies are kept by the server; nothing is
          lost.
        </Text>
        <Button onClick={reset}>Try again</Button>
      </Alert>
    </Container>
  );
}
