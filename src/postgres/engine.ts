/** What can be told of the Docker engine without starting anything. */
import { EnvironmentError } from '../core/failures.ts';

export interface ContainerEngine {
  /** As the engine states it. */
  readonly version: string;
  readonly hasImage: boolean;
}

/** Asks the engine that a container would be started on. Throws `EnvironmentError` where none answers. */
export async function lookAtEngine(image: string): Promise<ContainerEngine> {
  // Not loaded before it is wanted: it is large.
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  try {
    const client = await getContainerRuntimeClient();
    return {
      version: String(client.info.containerRuntime.serverVersion),
      hasImage: await client.image.exists(ImageName.fromString(image)),
    };
  } catch (error) {
    throw new EnvironmentError(NO_ENGINE, { cause: error });
  }
}

/** The same words whether an engine is asked about or needed. */
export const NO_ENGINE =
  'no Docker engine answers: install Docker from https://docs.docker.com/engine/install and start it, set DOCKER_HOST, ' +
  'or use --postgres embedded';
