import { passes } from './client.ts'

passes('mlflow-3.17.2', [
  'mlflow-skinny==3.17.2',
  'scikit-learn==1.9.1',
  'pandas==3.1.1',
  'skops==0.14.0',
  'matplotlib',
])
