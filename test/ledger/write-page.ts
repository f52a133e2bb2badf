import { writeFileSync } from 'fs';
import { page } from './page';

writeFileSync('FIELDS.md', page());
