/**
 * The file that the speed of the language is measured on: a fleet as people write it, with dependencies, annotations,
 * sections, records, lists, interpolation and comments. It is valid, and in canonical form.
 */

/** How many instances stand in one subnet, that subnet counted. */
const SUBNET_SIZE = 40;

/** The text of one file of `count` resources, about 240 characters each. */
export function largeProject(count: number): string {
  return Array.from({ length: count }, (_, index) => resourceText(index)).join("\n");
}

function resourceText(index: number): string {
  if (index === 0) return networkText();
  if (index % SUBNET_SIZE === 1) return subnetText(Math.floor(index / SUBNET_SIZE));
  return index % 2 === 0 ? instanceText(index) : settingsText(index);
}

function networkText(): string {
  return `# The network that all of it stands in.
resource network "main" : sim.Network {
  @intent "Private range of the shop"
  @owner "platform"

  cidr = "10.0.0.0/8"
}
`;
}

function subnetText(subnet: number): string {
  return `resource subnet "s${subnet}" : sim.Subnet {
  @intent "Rack ${subnet}"

  needs network.main -> network_id

  cidr = "10.${subnet >> 8}.${subnet & 255}.0/24"
  public = ${subnet % 8 === 0}
  zone = "north-a"
}
`;
}

function instanceText(index: number): string {
  return `# web server ${index}
resource instance "web-${index}" : sim.Instance {
  @intent "Serves the shop"

  needs subnet.s${Math.floor((index - 1) / SUBNET_SIZE)} -> subnet_id

  monitoring {
    interval_s = ${60 + index % 60}
  }

  image = "debian-13"
  size = "small" # until spring
  tags = { name = "web-${index}", stage = "\${env(\\"S\\", \\"t\\")}" }
}
`;
}

function settingsText(index: number): string {
  return `resource settings "web-${index - 1}" : local.Data {
  @owner "shop team"

  input {
    hosts = ["a${index}.test", "b.test"]
    limits = { burst = ${index}, on = true, rate = 2.5 }
    title = "The \\"shop\\""
  }
}
`;
}
